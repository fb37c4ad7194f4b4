import { z } from "zod";
import { examinationSchema } from "../protocol/suite-result";
import { verdictSchema } from "../protocol/verdict";

/** Content of report.json: the verdict, and the examination if a suite beyond the quick test ran. */
const reportSchema = verdictSchema.extend({ examination: examinationSchema.optional() });

/** The report of a run. */
export type Report = z.infer<typeof reportSchema>;

/** Returns the schema of report.json, as published in docs/report.schema.json. */
export function jsonSchema(): object {
  return {
    ...z.toJSONSchema(reportSchema),
    title: "Report of a run of fuse-test",
    description: "The verdict of a run with all its observations. Times are milliseconds.",
  };
}

/** Parses a report.json. */
export function parseReport(text: string, file: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${file} is not JSON. Run the test again: npm run again`);
  }
  const { success, data, error } = reportSchema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  throw new Error(`${file} is not a report: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
}
