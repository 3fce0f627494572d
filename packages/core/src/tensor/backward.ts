import { TensorError } from "../errors.ts";
import { full, keep, zeros } from "./create.ts";
import { recordView, withoutGradient } from "./record.ts";
import { isOfThisScope, scope } from "./scope.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Computes the gradient of a one-element tensor with respect to every leaf that requires one, and adds it to the leaf's `grad`.
 * Reverse-mode differentiation: each operation is visited once, outputs before inputs.
 *
 * @throws TensorError `not-a-scalar` when `root` has more than one element; `no-gradient` when it depends on nothing that
 * requires a gradient; `disposed` when the scope of something that it was made from has ended.
 */
export function backward(root: Tensor): void {
  checkRoot(root);
  withoutGradient(() =>
    scope(() => {
      const pending = new Map<Tensor, Tensor>([[root, full(root.shape, 1, { engine: root.engine })]]);
      for (const tensor of outputsFirst(root)) {
        const gradient = pending.get(tensor);
        if (gradient === undefined) continue;
        pending.delete(tensor);
        if (tensor.recorded === undefined) giveToLeaf(tensor, gradient);
        else propagate(tensor, gradient, pending);
      }
    }),
  );
}

function checkRoot(root: Tensor): void {
  if (root.size !== 1) {
    throw new TensorError(
      "not-a-scalar",
      `backward: got shape [${root.shape.join(", ")}]; expected one number. Reduce it first, for example with sum or mean.`,
    );
  }
  if (!root.requiresGrad) {
    throw new TensorError(
      "no-gradient",
      "backward: got a tensor that depends on nothing with requiresGrad; expected one computed from parameters, outside of withoutGradient.",
    );
  }
}

function propagate(output: Tensor, gradient: Tensor, pending: Map<Tensor, Tensor>): void {
  const { inputs, backward: derive } = output.recorded!;
  const before = (input: Tensor): Tensor | undefined => {
    const waiting = pending.get(input);
    return waiting?.storage.isUnshared ? waiting : undefined;
  };
  const arrived = scope(() => derive(gradient, output, before).map(ownTensor));
  gradient.dispose();
  for (const [k, input] of inputs.entries()) {
    const mine = arrived[k];
    if (mine === undefined) continue;
    if (!input.requiresGrad) {
      mine.dispose();
      continue;
    }
    const before = pending.get(input);
    pending.set(input, before === undefined ? mine : join(before, mine));
  }
}

/** The sum of two gradients: in the buffer of the first, unless others share it. */
function join(before: Tensor, arrived: Tensor): Tensor {
  const { engine } = arrived;
  if (before.storage.isUnshared) {
    engine.run("accumulate", { x: arrived.buffer, out: before.buffer, scale: 1 });
    arrived.dispose();
    return before;
  }
  const sum = zeros(arrived.shape, { engine });
  const sizes = { shape: [arrived.size], aStrides: [1], bStrides: [1] };
  engine.run("binary", { ...sizes, operation: "add", a: before.buffer, b: arrived.buffer, out: sum.buffer });
  before.dispose();
  arrived.dispose();
  return sum;
}

/**
 * A gradient that may be disposed of by itself: another tensor over the same buffer where an operation returns one tensor for two inputs, its own
 * gradient, or what it did not make.
 */
function ownTensor(gradient: Tensor | undefined, k: number, all: readonly (Tensor | undefined)[]): Tensor | undefined {
  if (gradient === undefined || (isOfThisScope(gradient) && all.indexOf(gradient) === k)) return gradient;
  return recordView(gradient, gradient.shape, () => []);
}

function giveToLeaf(leaf: Tensor, gradient: Tensor): void {
  const { engine } = leaf;
  leaf.grad ??= keep(zeros(leaf.shape, { engine }));
  engine.run("accumulate", { x: gradient.buffer, out: leaf.grad.buffer, scale: 1 });
  gradient.dispose();
}

/** The tensors that `root` depends on and that require a gradient, each before the tensors that it was made from. */
function outputsFirst(root: Tensor): Tensor[] {
  const inputsFirst: Tensor[] = [];
  const seen = new Set<Tensor>([root]);
  // An explicit stack: a long recurrence is deeper than the call stack.
  const stack: { tensor: Tensor; next: number }[] = [{ tensor: root, next: 0 }];
  while (stack.length > 0) {
    const top = stack[stack.length - 1]!;
    const input = top.tensor.recorded?.inputs[top.next++];
    if (input === undefined) {
      inputsFirst.push(top.tensor);
      stack.pop();
    } else if (input.requiresGrad && !seen.has(input)) {
      seen.add(input);
      stack.push({ tensor: input, next: 0 });
    }
  }
  return inputsFirst.reverse();
}
