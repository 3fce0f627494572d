import {
  dispose,
  grads,
  matMul,
  mul,
  softmax,
  stack,
  sub,
  sum,
  type Tensor,
  tensor3d,
  tidy,
  transpose,
  unstack,
} from "@tensorflow/tfjs-core";
import type { AttentionAnswer, AttentionArrays } from "../dense/vicinal-attention.ts";

/** Self-attention of everyone to everyone by TensorFlow.js: the answer, or a pass that only computes it. */
export interface TfjsAttention {
  answer(): AttentionAnswer;
  pass(): void;
}

/** Of each of the inputs. */
export interface AttentionShape {
  readonly elements: number;
  readonly heads: number;
  readonly channels: number;
}

/** As one would write it: products of all heads at once and a softmax, their gradients by `tf.grads`. */
export function attentionByGrads(shape: AttentionShape, arrays: AttentionArrays): TfjsAttention {
  const scale = shape.channels ** -0.5;
  const { query, key, value, gradient } = headsFirst(shape, arrays);
  const attend = (q: Tensor, k: Tensor, v: Tensor): Tensor => matMul(softmax(matMul(mul(q, scale), k, false, true)), v);
  const gradients = grads(attend);
  const pass = (): Tensor[] => gradients([query, key, value], gradient);
  return {
    pass: () => dispose(pass()),
    answer: () => answerOf([tidy(() => attend(query, key, value)), ...pass()]),
  };
}

/**
 * The fastest that its kernels allow: products are fast only for two dimensions and for factors that are not transposed, so each head comes by
 * itself, what is needed transposed is transposed, and the gradient is written by hand.
 */
export function attentionByHand(shape: AttentionShape, arrays: AttentionArrays): TfjsAttention {
  const scale = shape.channels ** -0.5;
  const { query, key, value, gradient } = headsFirst(shape, arrays);
  const heads = { query: unstack(query), key: unstack(key), value: unstack(value), gradient: unstack(gradient) };
  const ofHead = (h: number): Tensor[] => {
    const [q, k, v, upstream] = [heads.query[h]!, heads.key[h]!, heads.value[h]!, heads.gradient[h]!];
    const weights = tidy(() => softmax(matMul(mul(q, scale), transpose(k))));
    const out = matMul(weights, v);
    const dvalue = tidy(() => matMul(transpose(weights), upstream));
    const dlogits = tidy(() => {
      const dweights = matMul(upstream, transpose(v));
      return mul(mul(weights, scale), sub(dweights, sum(mul(upstream, out), 1, true)));
    });
    const dquery = matMul(dlogits, k);
    const dkey = tidy(() => matMul(transpose(dlogits), q));
    dispose([weights, dlogits]);
    return [out, dquery, dkey, dvalue];
  };
  const pass = (): Tensor[] => {
    const each = Array.from({ length: shape.heads }, (_, h) => ofHead(h));
    const all = [0, 1, 2, 3].map((part) => stack(each.map((tensors) => tensors[part]!)));
    dispose(each);
    return all;
  };
  return { pass: () => dispose(pass()), answer: () => answerOf(pass()) };
}

/** From `[heads, elements, channels]`, as it computes, to the order of the files. The tensors are disposed of. */
function answerOf(tensors: Tensor[]): AttentionAnswer {
  const read = tensors.map((each) => tidy(() => transpose(each, [1, 0, 2]).dataSync()));
  dispose(tensors);
  const [out = [], dquery = [], dkey = [], dvalue = []] = read;
  return { out, dquery, dkey, dvalue };
}

/** The order of the files is not part of the work. */
function headsFirst({ elements, heads, channels }: AttentionShape, arrays: AttentionArrays) {
  const turned = (values: Float32Array): Tensor =>
    tidy(() => transpose(tensor3d(values, [elements, heads, channels]), [1, 0, 2]));
  return {
    query: turned(arrays.query),
    key: turned(arrays.key),
    value: turned(arrays.value),
    gradient: turned(arrays.gradient),
  };
}
