import { checkOptionNames } from "../../errors.ts";
import { LSTMCell, type LSTMState } from "./lstm-cell.ts";
import { RecurrentLayers, type RecurrentOptions, recurrentOptionNames } from "./recurrent-layers.ts";

/** Long short-term memory ({@link LSTMCell}) over packed batches of sequences, in layers, as `torch.nn.LSTM`. */
export class LSTM extends RecurrentLayers<LSTMState> {
  /** @throws OptionError `unknown-option`, or `out-of-range` for widths, layers or dropout. */
  constructor(inputs: number, hidden: number, options: RecurrentOptions) {
    checkOptionNames("LSTM", options, recurrentOptionNames);
    const { random, engine } = options;
    super("LSTM", inputs, hidden, options, (width) => new LSTMCell(width, hidden, { random, engine }));
  }
}
