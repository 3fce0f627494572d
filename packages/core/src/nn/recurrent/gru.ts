import { checkOptionNames } from "../../errors.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { GRUCell } from "./gru-cell.ts";
import { RecurrentLayers, type RecurrentOptions, recurrentOptionNames } from "./recurrent-layers.ts";

/** Gated recurrent units ({@link GRUCell}) over packed batches of sequences, in layers, as `torch.nn.GRU`. */
export class GRU extends RecurrentLayers<Tensor> {
  /** @throws OptionError `unknown-option`, or `out-of-range` for widths, layers or dropout. */
  constructor(inputs: number, hidden: number, options: RecurrentOptions) {
    checkOptionNames("GRU", options, recurrentOptionNames);
    const { random, engine } = options;
    super("GRU", inputs, hidden, options, (width) => new GRUCell(width, hidden, { random, engine }));
  }
}
