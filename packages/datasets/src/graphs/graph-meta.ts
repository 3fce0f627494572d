import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "@vicinal/core";
import { z } from "zod";
import { publicationFields } from "../formats/publication-fields.ts";

/** The parts of `meta.json` that a set of small graphs is read from; anything else in the file is left alone. */
const graphMetaSchema = z.object({
  name: z.string().min(1),
  title: z.string().optional(),
  task: z.string(),
  metric: z.string(),
  class_names: z.record(z.string(), z.string()).default({}),
  folds: z.string().optional(),
  ...publicationFields,
  files: z.record(z.string(), z.object({ sha256: z.string().optional() })).default({}),
});

/** What `meta.json` says of a set of small graphs. */
export type GraphMeta = z.infer<typeof graphMetaSchema>;

/**
 * Reads and checks `meta.json`, where there is one: sets of the TU collection come without.
 *
 * @param name What the set is called without it.
 * @throws DataError `malformed-meta`, `wrong-task`.
 */
export async function readGraphMeta(folder: string, name: string): Promise<GraphMeta> {
  const path = join(folder, "meta.json");
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return graphMetaSchema.parse({ name, task: "graph classification", metric: "accuracy" });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DataError(
      "malformed-meta",
      `loadGraphFolder: ${path} is not JSON: ${String(cause)}. Mend it or copy it again.`,
      { cause },
    );
  }
  const result = graphMetaSchema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new DataError(
      "malformed-meta",
      `loadGraphFolder: ${path} does not describe a data set: ${issue?.path.join(".") || "the whole file"}: ${issue?.message}. ` +
        "The layout is described in the README of @vicinal/datasets.",
      { cause: result.error },
    );
  }
  const { task, metric } = result.data;
  if (/graph classification/i.test(task) && /^accuracy/i.test(metric)) return result.data;
  throw new DataError(
    "wrong-task",
    `loadGraphFolder: ${path} describes the task "${task}", measured by "${metric}"; expected "graph classification" and "accuracy".`,
  );
}
