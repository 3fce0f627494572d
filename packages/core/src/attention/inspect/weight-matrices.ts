import { Matrix } from "ml-matrix";
import { ShapeError } from "../../errors.ts";
import { expectShape } from "../../expect-shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Neighborhood } from "../neighborhood/neighborhood.ts";

/**
 * Attention weights as one matrix a head, `[receivers, senders]`: row `i` says how much receiver `i` takes from each sender. Pairs outside of
 * the neighborhood are 0, and the weights of repeated pairs add up.
 *
 * @param weights `[edges, heads]` in the order of the neighborhood's positions, as `attend.detailed` gives them.
 * @throws ShapeError `shapes-differ` for weights of another shape; EngineError `no-synchronous-read` on an engine that cannot read at once.
 */
export function weightMatrices(neighborhood: Neighborhood, weights: Tensor): Matrix[] {
  const heads = headsOf("weightMatrices", neighborhood, weights);
  const matrices = Array.from({ length: heads }, () => Matrix.zeros(neighborhood.receivers, neighborhood.senders));
  forEachWeight(neighborhood, weights, heads, (receiver, sender, head, weight) => {
    const matrix = matrices[head]!;
    matrix.set(receiver, sender, matrix.get(receiver, sender) + weight);
  });
  return matrices;
}

/**
 * Attention weights averaged over the heads, `[receivers, senders]`: the mean of {@link weightMatrices}, from weights `[edges, heads]`.
 *
 * @throws ShapeError `shapes-differ` for weights of another shape, or of no heads.
 */
export function meanWeights(neighborhood: Neighborhood, weights: Tensor): Matrix {
  const heads = headsOf("meanWeights", neighborhood, weights);
  if (heads === 0) {
    throw new ShapeError(
      "shapes-differ",
      `meanWeights: got weights of shape [${weights.shape.join(", ")}]; expected at least one head.`,
    );
  }
  const mean = Matrix.zeros(neighborhood.receivers, neighborhood.senders);
  forEachWeight(neighborhood, weights, heads, (receiver, sender, _, weight) => {
    mean.set(receiver, sender, mean.get(receiver, sender) + weight / heads);
  });
  return mean;
}

function headsOf(where: string, { edges }: Neighborhood, weights: Tensor): number {
  return expectShape(where, "weights", weights, [edges, "heads"], ", one row a pair of the neighborhood")[1];
}

function forEachWeight(
  neighborhood: Neighborhood,
  weights: Tensor,
  heads: number,
  visit: (receiver: number, sender: number, head: number, weight: number) => void,
): void {
  const { receiverOf, senderOf, edges } = neighborhood.sparse();
  const values = weights.dataSync();
  for (let p = 0; p < edges; p++) {
    for (let h = 0; h < heads; h++) visit(receiverOf[p]!, senderOf[p]!, h, values[p * heads + h]!);
  }
}
