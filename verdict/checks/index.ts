import type { CheckDefinition } from "../check";
import { conclusion } from "./conclusion";
import { content, list, stat, subDirectory, symlink } from "./content";
import { bridgeClean, controlBlind, controlLooks } from "./control";
import { logsWhole } from "./logs";
import {
  consumerMounted,
  mountedLive,
  nonceRead,
  producerMounted,
  sameDevice,
  sentinelHidden,
} from "./mount";
import { origin } from "./origin";
import { consumerNotOwner, consumerUnprivileged, placement } from "./privilege";

/** Everything that must hold for SUCCESS, in the order in which it is reported. */
export const checkDefinitions: readonly CheckDefinition[] = [
  origin,
  producerMounted,
  placement,
  consumerUnprivileged,
  consumerNotOwner,
  consumerMounted,
  mountedLive,
  sameDevice,
  nonceRead,
  sentinelHidden,
  list,
  stat,
  content,
  subDirectory,
  symlink,
  controlBlind,
  controlLooks,
  bridgeClean,
  logsWhole,
  conclusion,
];
