import { PROGRAMS_NAME } from "../../manifests/common";
import type { NodeFacts, Observation, Question } from "../observation";
import { comparePrograms } from "../origin/compare";
import type { ExpectedTest } from "../origin/expected";
import type { ChannelBoard } from "./channel-board";
import { apiMessage } from "./client";
import { aheadOfServer } from "./clock";
import { missingNode, nodeFacts } from "./facts";
import { type Ask, getObject } from "./http";

/** A look that is not answered in this time is given up, in milliseconds. */
const CALL_MILLISECONDS = 5000;

/** What a look at the Node object found. */
export interface NodeLook {
  readonly node: NodeFacts | undefined;
  /** How far this machine's clock is ahead of the API server's, in milliseconds. */
  readonly ahead?: number;
}

/** Looks at the Node object; undefined when the look failed, which the board then shows. */
export async function lookAtNode(
  ask: Omit<Ask, "path">,
  { node: name }: Pick<Question, "node">,
  board: ChannelBoard,
): Promise<NodeLook | undefined> {
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
    // Whoever deploys a test need not be allowed to read nodes; the kubelet will tell.
    if (reason !== "404" && reason !== "403") {
      board.fail("node", error);
      return undefined;
    }
    board.read("node");
    return { node: reason === "404" ? missingNode : undefined };
  }
}

/** Compares the ConfigMap of the programs; undefined when it cannot be read, which the board then shows. */
export async function lookAtPrograms(
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
