import { servePack } from "../pack";

servePack("fuse-test-organization", "organization");
