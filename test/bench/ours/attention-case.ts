import {
  attend,
  backward,
  explainPlan,
  parameter,
  parameterShape,
  Random,
  type Score,
  type SparseNeighborhood,
  scope,
  sgd,
  type Tensor,
  tensor,
} from "@vicinal/core";
import type { Shape } from "../attention/attention-group.ts";
import { lossWithGradient } from "../run/loss-with-gradient.ts";

/** Attention by one score, ready to be computed again and again. Its kernels are compiled when it is asked for something. */
export interface AttentionCase {
  /** How it is computed: `"fused"` by a kernel that was compiled for the score. */
  path(): string;
  forward(): void;
  /** The forward pass, and the gradients of everything that attention reads. */
  both(): void;
}

/** Attention by `score` over a graph, on random numbers. */
export function attentionCase(score: Score, neighborhood: SparseNeighborhood, shape: Shape): AttentionCase {
  const { senders, receivers, edges } = neighborhood;
  const { heads, channels } = shape;
  const random = new Random(1);
  const normal = (of: readonly number[], scale = 1): Float32Array =>
    Float32Array.from({ length: of.reduce((a, b) => a * b, 1) }, () => scale * random.normal());
  const leaf = (of: readonly number[], scale?: number): Tensor => parameter(normal(of, scale), [...of]);
  const inputs = {
    query: leaf([receivers, heads, channels]),
    key: leaf([senders, heads, channels]),
    value: leaf([senders, heads, channels]),
    ...(score.edge !== "none" && { edge: leaf(score.edge === "vector" ? [edges, heads, channels] : [edges, heads]) }),
  };
  const parameters = Object.fromEntries(
    Object.entries(score.parameters).map(([name, rank]) => [name, leaf(parameterShape(rank, shape), channels ** -0.5)]),
  );
  const upstream = tensor(normal([receivers, heads, channels]), [receivers, heads, channels]);
  // It never steps: it is there to clear the gradients.
  const optimizer = sgd([...Object.values(inputs), ...Object.values(parameters)], { learningRate: 0 });
  const compute = (): Tensor => attend(neighborhood, inputs, { score, parameters });
  return {
    path: () => explainPlan(score, { ...shape, neighborhood }).path,
    forward: () => scope(() => void compute()),
    both: () => {
      optimizer.zeroGradients();
      scope(() => backward(lossWithGradient(compute(), upstream)));
    },
  };
}
