import { servePack } from "./pack";

servePack("fuse-test", "project");
