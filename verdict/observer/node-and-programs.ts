import { podName, PROGRAMS_NAME, type Role } from "../../manifests/common";
import type { NodeFacts, Observation, Question } from "../observation";
import { comparePrograms } from "../origin/compare";
import type { ExpectedTest } from "../origin/expected";
import type { ChannelBoard } from "./channel-board";
import { apiMessage } from "../../kube/client";
import { aheadOfServer } from "./clock";
import { missingNode, nodeFacts, podFacts } from "./facts";
import { type Ask, getObject } from "../../kube/http";

/** Time limit of a call, in milliseconds. */
const CALL_MILLISECONDS = 5000;

/** Result of reading the Node object. */
export interface NodeReading {
  readonly node: NodeFacts | undefined;
  /** Time by which this machine's clock is ahead of the API server's, in milliseconds. */
  readonly ahead?: number;
}

/** Reads the Node object; undefined if that failed, which the board then shows. */
export async function readNode(
  ask: Omit<Ask, "path">,
  { node: name }: Pick<Question, "node">,
  board: ChannelBoard,
): Promise<NodeReading | undefined> {
  try {
    const { data, date } = await getObject(
      { ...ask, path: `/api/v1/nodes/${name}` },
      "Node",
      CALL_MILLISECONDS,
    );
    board.read("node");
    return { node: nodeFacts(data), ahead: aheadOfServer(date, Date.now()) };
  } catch (error) {
    const { reason } = apiMessage(error, "node");
    // A deployer of the test need not be allowed to read nodes; the kubelet reports a missing one.
    if (reason !== "404" && reason !== "403") {
      board.fail("node", error);
      return undefined;
    }
    board.read("node");
    return { node: reason === "404" ? missingNode : undefined };
  }
}

/**
 * Returns true if a pod's container still runs. If it cannot be read the answer is false, and the board shows
 * why.
 */
export async function isStillRunning(
  ask: Omit<Ask, "path">,
  { namespace }: Pick<Question, "namespace">,
  role: Role,
  board: ChannelBoard,
): Promise<boolean> {
  const path = `/api/v1/namespaces/${namespace}/pods/${podName(role)}`;
  try {
    const { data } = await getObject({ ...ask, path }, "Pod", CALL_MILLISECONDS);
    board.read("pods");
    return podFacts(data).container.state === "running";
  } catch (error) {
    // The watch reports a pod that is gone.
    if (apiMessage(error, "pods").reason !== "404" && !ask.signal.aborted) board.fail("pods", error);
    return false;
  }
}

/** Compares the ConfigMap of the programs; undefined if it cannot be read, which the board then shows. */
export async function readPrograms(
  ask: Omit<Ask, "path">,
  { namespace }: Pick<Question, "namespace">,
  expected: ExpectedTest,
  board: ChannelBoard,
): Promise<Observation["programs"]> {
  const path = `/api/v1/namespaces/${namespace}/configmaps/${PROGRAMS_NAME}`;
  try {
    const { data } = await getObject({ ...ask, path }, "ConfigMap", CALL_MILLISECONDS);
    board.read("programs");
    return { difference: comparePrograms(expected.programs, data) };
  } catch (error) {
    if (apiMessage(error, "programs").reason !== "404") {
      board.fail("programs", error);
      return undefined;
    }
    board.read("programs");
    return { difference: "it is not there" };
  }
}
