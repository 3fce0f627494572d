import { architectureOf, FileError, type Module } from "@vicinal/core";

/** The widths that a model was made with. */
export interface ModelWidths {
  readonly inputs: number;
  readonly outputs: number;
  /** Undefined where no features of edges are read. */
  readonly edgeDim: number | undefined;
}

/**
 * The widths of a model out of a file, by the options that it was made with.
 *
 * @throws FileError `invalid-configuration` for a model without.
 */
export function modelWidths(where: string, model: Module): ModelWidths {
  const { inputs, outputs, edgeDim } = { ...architectureOf(model)?.options };
  if (typeof inputs === "number" && typeof outputs === "number" && ["number", "undefined"].includes(typeof edgeDim)) {
    return { inputs, outputs, edgeDim: typeof edgeDim === "number" ? edgeDim : undefined };
  }
  throw new FileError(
    "invalid-configuration",
    `${where}: got a model without inputs and outputs; expected one that was made with these options.`,
  );
}
