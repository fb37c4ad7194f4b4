import { bounds } from "./bounds";
import type { Case } from "./case";
import { inCarriers } from "./carriers";
import { composedPaths } from "./composed-paths";
import { devices } from "./devices";
import { gitops } from "./gitops";
import { harmless } from "./harmless";
import { infrastructure } from "./infrastructure";
import { moreAttacks } from "./more-attacks";
import { nearMisses } from "./near-misses";
import { suspicious } from "./suspicious";
import { tampering } from "./tampering";
import { passingPods } from "./passing";
import { names, placement } from "./placement";
import { privileges } from "./privilege";
import { publicManifests } from "./public-manifests";
import { requests } from "./requests";
import { scripts } from "./scripts";
import { spellings } from "./spellings";
import { readable } from "./readable";
import { unreadable } from "./unreadable";
import { unseen } from "./unseen";
import { volumes } from "./volumes";

/** The cases by topic. policy/README.md names them as the proof of its promises. */
export const GROUPS = {
  placement,
  names,
  privileges,
  volumes,
  bounds,
  passingPods,
  gitops,
  inCarriers,
  suspicious,
  tampering,
  nearMisses,
  unreadable,
  readable,
  composedPaths,
  spellings,
  devices,
  infrastructure,
  harmless,
  requests,
  scripts,
  moreAttacks,
  publicManifests,
  unseen,
} as const satisfies Readonly<Record<string, readonly Case[]>>;

/** The one table that runs through both enforcement points. */
export const CASES: readonly Case[] = Object.values(GROUPS).flat();
