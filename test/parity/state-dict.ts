import type { GRU, GRUCell, LayerNorm, Linear, LSTM, LSTMCell, MultiHeadAttention, Tensor } from "@vicinal/core";
import { assign, type ComparedLeaf } from "./comparison.ts";
import type { FixtureTensor } from "./fixture-format.ts";

type Tensors = Readonly<Record<string, FixtureTensor>>;

/**
 * The parameters of a module as PyTorch's `state_dict` names them. Its methods write them into ours and remember which gradient belongs
 * to which; what PyTorch leaves out, such as the bias of a layer without one, is zero in ours.
 */
export class StateDict {
  readonly #parameters: Tensors;
  readonly #gradients: Tensors;
  readonly #unread: Set<string>;
  readonly #leaves: ComparedLeaf[] = [];

  constructor({
    parameters,
    gradients,
  }: { readonly parameters: Tensors; readonly gradients: { parameters: Tensors } }) {
    this.#parameters = parameters;
    this.#gradients = gradients.parameters;
    this.#unread = new Set(Object.keys(parameters));
  }

  /** Every parameter that was written, with its gradient. */
  get leaves(): readonly ComparedLeaf[] {
    return this.#leaves;
  }

  /** The keys that no parameter of ours was written from. */
  get unread(): readonly string[] {
    return [...this.#unread];
  }

  /** 0.01 of the largest gradient: one that vanishes by cancellation is a sum of terms so large, of which float32 leaves the rounding. */
  get least(): number {
    return 0.01 * Math.max(...Object.values(this.#gradients).flatMap(({ data }) => data.map(Math.abs)));
  }

  /** Writes what stands under a key, or `part` of `parts` equal ones of its rows. */
  write(parameter: Tensor | undefined, key: string, part = 0, parts = 1): void {
    if (parameter === undefined) return;
    const [found, gradient] = [this.#parameters[key], this.#gradients[key]];
    if (found === undefined || gradient === undefined) {
      assign(parameter, { shape: parameter.shape, data: new Array<number>(parameter.size).fill(0) });
      return;
    }
    this.#unread.delete(key);
    const values = rowsOf(found, part, parts);
    assign(parameter, values);
    this.#leaves.push([parts === 1 ? key : `${key}, part ${part}`, parameter, rowsOf(gradient, part, parts)]);
  }

  linear({ weight, bias }: Linear, prefix: string): void {
    this.write(weight, `${prefix}weight`);
    this.write(bias, `${prefix}bias`);
  }

  norm({ weight, bias }: LayerNorm, prefix: string): void {
    this.write(weight, `${prefix}weight`);
    this.write(bias, `${prefix}bias`);
  }

  /** `MultiheadAttention`: the three projections one after the other, or apart where their inputs differ in width. */
  attention(layer: MultiHeadAttention, prefix = ""): void {
    const { queryProjection, keyProjection, valueProjection } = layer;
    const together = `${prefix}in_proj_weight`;
    const apart = ["q_proj_weight", "k_proj_weight", "v_proj_weight"].map((key) => prefix + key);
    for (const [part, { weight, bias }] of [queryProjection, keyProjection, valueProjection].entries()) {
      if (together in this.#parameters) this.write(weight, together, part, 3);
      else this.write(weight, apart[part]!);
      this.write(bias, `${prefix}in_proj_bias`, part, 3);
    }
    this.linear(layer.outputProjection, `${prefix}out_proj.`);
  }

  /** `GRUCell` and `LSTMCell`, with a prefix those of a larger module, and with a suffix the cells of `GRU` and `LSTM`. */
  cell(cell: Pick<GRUCell | LSTMCell, RecurrentParameter>, suffix = "", prefix = ""): void {
    const { weightIh, weightHh, biasIh, biasHh } = cell;
    this.write(weightIh, `${prefix}weight_ih${suffix}`);
    this.write(weightHh, `${prefix}weight_hh${suffix}`);
    this.write(biasIh, `${prefix}bias_ih${suffix}`);
    this.write(biasHh, `${prefix}bias_hh${suffix}`);
  }

  /** `GRU` and `LSTM`. */
  recurrent({ layers }: GRU | LSTM): void {
    for (const [l, cells] of layers.entries()) {
      for (const [d, cell] of cells.entries()) this.cell(cell, `_l${l}${d === 1 ? "_reverse" : ""}`);
    }
  }
}

type RecurrentParameter = "weightIh" | "weightHh" | "biasIh" | "biasHh";

function rowsOf({ shape, data }: FixtureTensor, part: number, parts: number): FixtureTensor {
  const [rows = 0, ...rest] = shape;
  const size = data.length / parts;
  return { shape: [rows / parts, ...rest], data: data.slice(part * size, (part + 1) * size) };
}
