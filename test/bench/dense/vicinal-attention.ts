import {
  attend,
  backward,
  causal,
  complete,
  type Neighborhood,
  parameter,
  scaledDot,
  scope,
  sgd,
  tensor,
  window,
} from "@vicinal/core";
import { lossWithGradient } from "../run/loss-with-gradient.ts";
import { type DenseAttention, windowRadius } from "./dense-attention-work.ts";

/** The arrays of one pass, each `[elements, heads, channels]`. */
export interface AttentionArrays {
  readonly query: Float32Array;
  readonly key: Float32Array;
  readonly value: Float32Array;
  /** Of the output. */
  readonly gradient: Float32Array;
}

/** What a pass gives, each `[elements, heads, channels]`: the output and the gradients of the inputs. */
export interface AttentionAnswer {
  readonly out: ArrayLike<number>;
  readonly dquery: ArrayLike<number>;
  readonly dkey: ArrayLike<number>;
  readonly dvalue: ArrayLike<number>;
}

/** Dense attention by Vicinal: one call for the answer, one for each time it is only computed. */
export interface VicinalAttention {
  answer(): AttentionAnswer;
  pass(): void;
}

function neighborhoodOf({ neighborhood, elements }: DenseAttention): Neighborhood {
  switch (neighborhood) {
    case "complete":
      return complete(elements);
    case "causal":
      return causal(elements);
    case "window":
      return window(elements, { radius: windowRadius });
  }
}

/** Sets the work up, with everything that does not belong to a pass. */
export function vicinalAttention(attention: DenseAttention, arrays: AttentionArrays): VicinalAttention {
  const shape = [attention.elements, attention.heads, attention.channels];
  const neighborhood = neighborhoodOf(attention);
  const query = parameter(arrays.query, shape);
  const key = parameter(arrays.key, shape);
  const value = parameter(arrays.value, shape);
  const upstream = tensor(arrays.gradient, shape);
  // It never steps: it is there to clear the gradients.
  const optimizer = sgd([query, key, value], { learningRate: 0 });
  const score = scaledDot();
  const pass = (): void =>
    scope(() => {
      optimizer.zeroGradients();
      backward(lossWithGradient(attend(neighborhood, { query, key, value }, { score, parameters: {} }), upstream));
    });
  return {
    pass,
    answer() {
      const out = scope(() => attend(neighborhood, { query, key, value }, { score, parameters: {} }).dataSync());
      pass();
      const [dquery = [], dkey = [], dvalue = []] = [query, key, value].map(({ grad }) => grad?.dataSync() ?? []);
      return { out, dquery, dkey, dvalue };
    },
  };
}
