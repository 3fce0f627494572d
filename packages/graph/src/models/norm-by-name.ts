import { checkChoice, type Engine, LayerNorm } from "@vicinal/core";
import { BatchNorm } from "../nn/batch-norm.ts";

/** What layers of a model normalize with: over the nodes of the batch, within each node, or not at all. */
export type NormName = "batch" | "layer" | "none";

/** @throws OptionError `out-of-range` for another name. */
export function checkNorm(where: string, norm: NormName): void {
  checkChoice(where, "norm", norm, ["batch", "layer", "none"] satisfies readonly NormName[]);
}

/** One norm of `width` columns for each of `count` layers; none at all for `"none"`. */
export function normsByName(
  norm: NormName,
  count: number,
  width: number,
  options: { readonly engine?: Engine | undefined },
): readonly (BatchNorm | LayerNorm)[] {
  if (norm === "none") return [];
  return Array.from({ length: count }, () =>
    norm === "batch" ? new BatchNorm(width, options) : new LayerNorm(width, options),
  );
}
