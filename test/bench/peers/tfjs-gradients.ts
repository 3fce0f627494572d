import {
  type GradConfig,
  matMul,
  mul,
  type NamedAttrMap,
  registerGradient,
  sub,
  sum,
  type Tensor,
} from "@tensorflow/tfjs-core";

/**
 * Registers the gradients that attention needs, with the formulas of TensorFlow.js (`dist/gradients`): in Node its package of kernels brings none
 * that can be loaded.
 */
export function registerAttentionGradients(): void {
  for (const config of [product, elementwiseProduct, softmaxOfRows]) registerGradient(config);
}

const product: GradConfig = {
  kernelName: "BatchMatMul",
  inputsToSave: ["a", "b"],
  gradFunc: (dy, saved, attributes: NamedAttrMap) => {
    const [a, b, gradient] = [saved[0]!, saved[1]!, single(dy)];
    if (attributes["transposeA"])
      throw new Error("the gradient of a product whose first factor is transposed is not needed.");
    return attributes["transposeB"]
      ? { a: () => matMul(gradient, b, false, false), b: () => matMul(gradient, a, true, false) }
      : { a: () => matMul(gradient, b, false, true), b: () => matMul(a, gradient, true, false) };
  },
};

/** Of tensors of one shape, or with a second factor that is a number and needs no gradient. */
const elementwiseProduct: GradConfig = {
  kernelName: "Multiply",
  inputsToSave: ["a", "b"],
  gradFunc: (dy, saved) => {
    const [a, b, gradient] = [saved[0]!, saved[1]!, single(dy)];
    return { a: () => mul(gradient, b), b: () => (b.size === 1 ? sum(mul(gradient, a)) : mul(gradient, a)) };
  },
};

const softmaxOfRows: GradConfig = {
  kernelName: "Softmax",
  outputsToSave: [true],
  gradFunc: (dy, saved) => {
    const weights = saved[0]!;
    const weighted = mul(single(dy), weights);
    return { logits: () => sub(weighted, mul(sum(weighted, -1, true), weights)) };
  },
};

function single(gradient: Tensor | Tensor[]): Tensor {
  const [first] = [gradient].flat();
  if (first === undefined) throw new Error("expected the gradient of one output.");
  return first;
}
