import { describe, expect, it } from "vitest";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { tensor } from "../../tensor/create.ts";
import { complete } from "../neighborhood/complete.ts";
import { SparseNeighborhood } from "../neighborhood/sparse.ts";
import { meanWeights, weightMatrices } from "./weight-matrices.ts";

const engine = createReferenceEngine();

// In the order of positions: 2 to 0, 0 to 0, 2 to 0 again, 1 to 2. Receiver 1 has none.
const neighborhood = SparseNeighborhood.fromEdgeList({
  senders: Uint32Array.of(1, 2, 0, 2),
  receivers: Uint32Array.of(2, 0, 0, 0),
  senderCount: 4,
  receiverCount: 3,
});
const weights = tensor([1, 10, 2, 20, 4, 40, 8, 80], [4, 2], { engine });

describe("weightMatrices", () => {
  it("gives a matrix a head, receivers x senders, in which repeated pairs add up", () => {
    const matrices = weightMatrices(neighborhood, weights).map((matrix) => matrix.to2DArray());
    expect(matrices).toEqual([
      [
        [2, 0, 5, 0],
        [0, 0, 0, 0],
        [0, 8, 0, 0],
      ],
      [
        [20, 0, 50, 0],
        [0, 0, 0, 0],
        [0, 80, 0, 0],
      ],
    ]);
  });

  it("gives the weights of a complete neighborhood row after row", () => {
    const [matrix] = weightMatrices(complete(2, 3), tensor([1, 2, 3, 4, 5, 6], [6, 1], { engine }));
    expect(matrix?.to2DArray()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it("may have no heads, no receivers or no senders", () => {
    expect(weightMatrices(complete(2), tensor([], [4, 0], { engine }))).toEqual([]);
    const [empty] = weightMatrices(complete(0, 3), tensor([], [0, 1], { engine }));
    expect([empty?.rows, empty?.columns]).toEqual([0, 3]);
  });
});

describe("meanWeights", () => {
  it("averages the heads", () => {
    expect(meanWeights(neighborhood, weights).to2DArray()).toEqual([
      [11, 0, 27.5, 0],
      [0, 0, 0, 0],
      [0, 44, 0, 0],
    ]);
  });

  it("refuses weights of no heads", () => {
    expect(() => meanWeights(complete(1), tensor([], [1, 0], { engine }))).toThrow(
      expect.objectContaining({ name: "ShapeError", code: "shapes-differ" }),
    );
  });
});

for (const read of [weightMatrices, meanWeights]) {
  for (const shape of [[2, 4], [8], [4, 2, 1]]) {
    it(`${read.name} refuses weights of shape [${shape.join(", ")}] for 4 pairs`, () => {
      expect(() => read(neighborhood, tensor([1, 2, 3, 4, 5, 6, 7, 8], shape, { engine }))).toThrow(
        expect.objectContaining({
          name: "ShapeError",
          code: "shapes-differ",
          message: expect.stringContaining("expected [4, heads]"),
        }),
      );
    });
  }
}
