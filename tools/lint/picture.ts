import { readFileSync, writeFileSync } from "node:fs";
import { ARCHITECTURE, withPicture } from "./imports";

writeFileSync(ARCHITECTURE, withPicture(readFileSync(ARCHITECTURE, "utf8")));
