import { checkChoice, checkOptionNames, OptionError, type ParameterOptions } from "@vicinal/core";

/** Over which edges a softmax of `RGATConv` runs: all that arrive at a node, or those of each relation by themselves. */
export type RGATMechanism = "across-relation" | "within-relation";

/** How query and key of `RGATConv` become a logit: by their sum and a leaky ReLU, or by their product. */
export type RGATMode = "additive-self-attention" | "multiplicative-self-attention";

/** How `RGATConv` tells many equal neighbors from few (Zhang and Xie, 2019). */
export type RGATMod = "additive" | "scaled" | "f-additive" | "f-scaled";

/** Options of `RGATConv`; names and defaults are PyTorch Geometric's. */
export interface RGATConvOptions extends ParameterOptions {
  /** Count of matrices of which those of the relations are mixtures (basis decomposition). Default: each relation has its own. */
  readonly numBases?: number;
  /** Count of blocks on the diagonal of each relation's matrix; divides `inputs` and `heads * channels`. Default: matrices are full. */
  readonly numBlocks?: number;
  /** What is done about the number of neighbors. Default: nothing. */
  readonly mod?: RGATMod;
  /** Over which edges a softmax runs. Default `"across-relation"`. */
  readonly attentionMechanism?: RGATMechanism;
  /** How query and key become a logit. Default `"additive-self-attention"`. */
  readonly attentionMode?: RGATMode;
  /** Count of heads that attend side by side. Default 1. */
  readonly heads?: number;
  /** Width of query and key, for each head; each of their numbers has a softmax of its own. 1 in the additive mode. Default 1. */
  readonly dim?: number;
  /** Whether the heads' outputs are put side by side or averaged. Default true. */
  readonly concat?: boolean;
  /** Slope of the leaky ReLU for negative arguments. Default 0.2. */
  readonly negativeSlope?: number;
  /** Probability with which a weight is dropped while training; 0 with a `mod`. Default 0. */
  readonly dropout?: number;
  /** Width of the edge features. Default: none are read. */
  readonly edgeDim?: number;
  /** Whether a learned vector is added to the output. Default true. */
  readonly bias?: boolean;
}

const optionNames = [
  "random",
  "engine",
  "numBases",
  "numBlocks",
  "mod",
  "attentionMechanism",
  "attentionMode",
  "heads",
  "dim",
  "concat",
  "negativeSlope",
  "dropout",
  "edgeDim",
  "bias",
];

/**
 * Refuses options that are unknown or do not go together.
 *
 * @throws OptionError `unknown-option`, `out-of-range` or `conflicting-options`.
 */
export function checkRgatOptions(options: RGATConvOptions): void {
  checkOptionNames("RGATConv", options, optionNames);
  const { attentionMechanism, attentionMode, mod, dim = 1, dropout = 0, numBases, numBlocks } = options;
  const mechanisms: readonly RGATMechanism[] = ["across-relation", "within-relation"];
  const modes: readonly RGATMode[] = ["additive-self-attention", "multiplicative-self-attention"];
  const mods: readonly RGATMod[] = ["additive", "scaled", "f-additive", "f-scaled"];
  checkChoice("RGATConv", "attentionMechanism", attentionMechanism ?? "across-relation", mechanisms);
  checkChoice("RGATConv", "attentionMode", attentionMode ?? "additive-self-attention", modes);
  if (mod !== undefined) checkChoice("RGATConv", "mod", mod, mods);
  const conflict = (got: string, expected: string): OptionError =>
    new OptionError("conflicting-options", `RGATConv: got ${got}; expected ${expected}.`);
  if (dim > 1 && attentionMode !== "multiplicative-self-attention") {
    throw conflict(`dim ${dim} with additive attention`, 'attentionMode "multiplicative-self-attention", or dim 1');
  }
  if (dropout > 0 && mod !== undefined) {
    throw conflict(
      `dropout ${dropout} with mod "${mod}"`,
      "one of them, because weights are dropped only where they are not changed",
    );
  }
  if (numBases !== undefined && numBlocks !== undefined) {
    throw conflict("numBases and numBlocks", "one of them, because a matrix is either a mixture or of blocks");
  }
}
