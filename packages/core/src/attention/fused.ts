import type { AttentionKernels, AttentionOperands, AttentionPlan } from "../engine/attention-kernels.ts";
import { symbolNode } from "../expression/expression.ts";
import { zeros, zerosForGradient } from "../tensor/create.ts";
import { record } from "../tensor/record.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { oneSidedOnTensors, type SymbolTensors } from "./logits.ts";
import type { SparseNeighborhood } from "./neighborhood/sparse.ts";

/** Attention by the kernels that an engine has made for the plan: nothing of the size edges x channels. `[receivers, heads, valueChannels]`. */
export function attendFused(
  kernels: AttentionKernels,
  { heads, channels, valueChannels }: AttentionPlan,
  edges: SparseNeighborhood,
  value: Tensor,
  given: SymbolTensors,
  seed: number,
): Tensor {
  const { engine } = value;
  const symbols = kernels.symbols.map((symbol): [name: string, tensor: Tensor] => {
    const { name } = symbolNode(symbol);
    const hoisted = kernels.hoisted.get(name);
    return [name, hoisted === undefined ? given[name]! : oneSidedOnTensors(hoisted, given, channels)];
  });
  const inputs = [value, ...symbols.map(([, tensor]) => tensor)];
  const operands = (): AttentionOperands => ({
    edges,
    value: value.buffer,
    symbols: Object.fromEntries(symbols.map(([name, tensor]) => [name, tensor.buffer])),
    seed,
  });
  const saved = zeros([edges.receivers, heads], { engine });
  return record({
    name: "attend",
    shape: [edges.receivers, heads, valueChannels],
    inputs,
    forward: (out) => kernels.forward(operands(), out, saved.buffer),
    backward: (gradient, output) => {
      const gradients = inputs.map(zerosForGradient);
      kernels.backward(operands(), output.buffer, saved.buffer, gradient.buffer, {
        value: gradients[0]?.buffer ?? null,
        symbols: Object.fromEntries(symbols.map(([name], k) => [name, gradients[k + 1]?.buffer ?? null])),
      });
      return gradients;
    },
  });
}
