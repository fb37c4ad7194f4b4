import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import type { Layout } from "./layout";
import type { Roots } from "./options";

/** Options that a cluster was started with, kept for a later start. */
export interface ClusterSettings {
  readonly block: string;
  readonly roots: Roots;
}

const propagation = z.enum(["shared", "private"]);
const schema = z.object({ block: z.string(), roots: z.object({ w1: propagation, w2: propagation }) });

/** Reads what the cluster was started with; undefined if it was not, or the file is damaged. */
export function readSettings(layout: Layout): ClusterSettings | undefined {
  if (!existsSync(layout.settings)) return undefined;
  try {
    return schema.parse(JSON.parse(readFileSync(layout.settings, "utf8")));
  } catch {
    return undefined;
  }
}
