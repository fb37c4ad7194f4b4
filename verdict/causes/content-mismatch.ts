import { byAny, type Cause } from "../cause";
import { byFailedCheck, checksOf } from "./by-failed-check";
import { byReading } from "./reading";

/** The mount is visible, but its content is not what was written. */
export const contentMismatch: Cause = {
  code: "content-mismatch",
  verdict: "FAILURE",
  recognise: byAny(byFailedCheck(checksOf("content-mismatch")), byReading("content-mismatch")),
  summarise: ({ driver }, { text }) =>
    `What the consumer reads through ${driver} is not what was written (${text})`,
  nextSteps: ({ driver }) => [
    "Compare the checks named in the report, one by one",
    `Try another driver, to distinguish ${driver} from the node: pulumi config set fuse-test:driver NAME`,
  ],
};
