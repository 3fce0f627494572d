import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "@vicinal/core";
import { z } from "zod";
import type { Metric } from "../dataset.ts";
import { publicationFields } from "../formats/publication-fields.ts";

const count = z.int().nonnegative();

/** The parts of `meta.json` that a node data set is read from; anything else in the file is left alone. */
const metaSchema = z.object({
  name: z.string().min(1),
  title: z.string().optional(),
  task: z.string(),
  metric: z.string(),
  directed: z.boolean().default(false),
  class_names: z.array(z.string()).optional(),
  counts: z.object({
    nodes: count,
    edge_rows: count.optional(),
    classes: count.optional(),
    features: count.optional(),
    feature_nonzeros: count.optional(),
  }),
  features: z
    .object({
      layout: z.string().optional(),
      rows: count.optional(),
      columns: count,
      nonzeros: count.optional(),
      values: z.string().optional(),
    })
    .nullish(),
  splits: z.object({ count, how: z.string().optional() }).nullish(),
  ...publicationFields,
  files: z.record(z.string(), z.object({ bytes: count.optional(), sha256: z.string().optional() })).default({}),
});

/** Sets of small graphs and of molecules have a meta.json too, with other counts: it is the task that does not fit. */
const otherTask = z.object({ task: z.string().refine((task) => !/node classification/i.test(task)) });

/** What `meta.json` says of a node data set. */
export type Meta = z.infer<typeof metaSchema>;

/**
 * Reads and checks `meta.json`.
 *
 * @throws DataError `missing-meta`, `malformed-meta`, `wrong-task` or `unknown-metric`.
 */
export async function readMeta(folder: string): Promise<Meta> {
  const path = join(folder, "meta.json");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new DataError(
      "missing-meta",
      `loadFolder: cannot read ${path}; expected a folder that holds meta.json and the binaries that it names. ` +
        "Pass the folder of one data set, not the folder of all of them.",
      { cause },
    );
  }
  return parseMeta(path, text);
}

function parseMeta(path: string, text: string): Meta {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DataError(
      "malformed-meta",
      `loadFolder: ${path} is not JSON: ${String(cause)}. Mend it or copy it again.`,
      {
        cause,
      },
    );
  }
  const { data: other } = otherTask.safeParse(value);
  if (other !== undefined) {
    throw new DataError(
      "wrong-task",
      `loadFolder: ${path} describes the task "${other.task}"; expected "node classification". ` +
        "Only graphs with node labels can be loaded here.",
    );
  }
  const result = metaSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new DataError(
    "malformed-meta",
    `loadFolder: ${path} does not describe a data set: ${issue?.path.join(".") || "the whole file"}: ${issue?.message}. ` +
      "The layout is described in the README of @vicinal/datasets.",
    { cause: result.error },
  );
}

/** The metric that a description such as `"ROC AUC (accuracy is also reported)"` begins with. */
export function parseMetric(where: string, text: string): Metric {
  if (/^accuracy/i.test(text)) return "accuracy";
  if (/^roc[ -]?auc/i.test(text)) return "roc-auc";
  throw new DataError("unknown-metric", `${where}: got the metric "${text}"; expected "accuracy" or "ROC AUC".`);
}
