import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "@vicinal/core";
import { z } from "zod";
import { publicationFields } from "../formats/publication-fields.ts";
import type { MoleculeDataset } from "./molecule-dataset.ts";

/** The parts of `meta.json` that a set of molecules is read from; anything else in the file is left alone. */
const schema = z.object({
  name: z.string().min(1),
  title: z.string().optional(),
  task: z.string(),
  metric: z.string(),
  // A path that leads out of the folder would read what the folder has no business with.
  file: z.string().regex(/^[^/\\]+$/, "expected the name of a file in the folder"),
  smiles_column: z.string().min(1),
  target_columns: z.array(z.string().min(1)).min(1),
  ...publicationFields,
  files: z.record(z.string(), z.object({ sha256: z.string().optional() })).default({}),
});

/** What `meta.json` says of a set of molecules. */
export type MoleculeMeta = Omit<z.infer<typeof schema>, "task" | "metric"> & Pick<MoleculeDataset, "task" | "metric">;

/** Sets of other things have a meta.json too. */
const otherTask = z.object({ task: z.string().refine((task) => kindOf(task) === undefined) });

/**
 * Reads and checks `meta.json`.
 *
 * @throws DataError `missing-meta`, `malformed-meta`, `wrong-task`, `unknown-metric`.
 */
export async function readMoleculeMeta(folder: string): Promise<MoleculeMeta> {
  const path = join(folder, "meta.json");
  const refuse = (code: string, problem: string, cause?: unknown): never => {
    throw new DataError(code, `loadMoleculeFolder: ${path} ${problem}`, { cause });
  };
  const text = await readFile(path, "utf8").catch((cause: unknown) =>
    refuse(
      "missing-meta",
      "cannot be read; expected it beside the file of molecules. Pass the folder of one data set.",
      cause,
    ),
  );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return refuse("malformed-meta", `is not JSON: ${String(cause)}. Mend it or copy it again.`, cause);
  }
  const other = otherTask.safeParse(value).data;
  if (other !== undefined) {
    return refuse(
      "wrong-task",
      `describes the task "${other.task}"; expected "regression" or binary classification of molecules.`,
    );
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    const where = issue?.path.join(".") || "the whole file";
    return refuse(
      "malformed-meta",
      `does not describe a set of molecules: ${where}: ${issue?.message}. The layout is described in the README of @vicinal/datasets.`,
      result.error,
    );
  }
  const task = kindOf(result.data.task) ?? "regression";
  const metric = /^rmse/i.test(result.data.metric) ? "rmse" : "roc-auc";
  const isKnown = metric === "rmse" || /^roc[ -]?auc/i.test(result.data.metric);
  if (!isKnown || (task === "regression") !== (metric === "rmse")) {
    const expected = task === "regression" ? "RMSE" : "ROC AUC";
    return refuse(
      "unknown-metric",
      `measures by "${result.data.metric}"; expected "${expected}" for the task "${result.data.task}".`,
    );
  }
  return { ...result.data, task, metric };
}

/** The kind of a task such as `"multi-task binary classification"`; undefined for what molecules are not asked here. */
function kindOf(task: string): MoleculeDataset["task"] | undefined {
  if (/^regression/i.test(task)) return "regression";
  return /binary classification/i.test(task) ? "multi-task" : undefined;
}
