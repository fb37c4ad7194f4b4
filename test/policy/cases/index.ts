import { bounds } from "./bounds";
import type { Case } from "./case";
import { inCarriers } from "./carriers";
import { nearMisses } from "./near-misses";
import { suspicious } from "./suspicious";
import { tampering } from "./tampering";
import { passingPods } from "./passing";
import { names, placement } from "./placement";
import { privileges } from "./privilege";
import { volumes } from "./volumes";

/** The one table that runs through both enforcement points. */
export const CASES: readonly Case[] = [
  ...placement,
  ...names,
  ...privileges,
  ...volumes,
  ...bounds,
  ...passingPods,
  ...inCarriers,
  ...suspicious,
  ...tampering,
  ...nearMisses,
];
