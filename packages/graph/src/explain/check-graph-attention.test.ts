import { elu, Module, Random, type SparseNeighborhood, type Tensor, tensor } from "@vicinal/core";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { GATConv } from "../layers/gat.ts";
import type { GraphInputs, GraphModel, GraphModelAttention } from "../models/graph-model.ts";
import { AttentionReadout } from "../readout/attention-readout.ts";
import { meanReadout } from "../readout/pool.ts";
import { type Edge, neighborhoodOf, numbers, reference, width } from "../testing/layer-examples.ts";
import { checkGraphAttention } from "./check-graph-attention.ts";

/** A triangle with a tail and a loop, and a pair; numbered as one batch. */
const edges: readonly Edge[] = [
  [0, 1],
  [1, 2],
  [2, 0],
  [3, 0],
  [1, 1],
  [4, 5],
  [5, 4],
];
const neighborhood = neighborhoodOf(edges, 6);
const graphOf = Uint32Array.of(0, 0, 0, 0, 1, 1);
const inputs: GraphInputs = { x: numbers([6, width], 1), neighborhood, graphs: 3, graphOf };

/** One layer over edges, and a read-out that attends or takes the mean. */
class SmallGraphModel extends Module implements GraphModel {
  readonly outputs = 2;
  readonly layer = new GATConv(width, 2, { random: new Random(1), engine: reference });
  readonly readout: AttentionReadout | undefined;

  constructor(attends: boolean) {
    super();
    this.readout = attends ? new AttentionReadout(2, { random: new Random(2), engine: reference }) : undefined;
  }

  forward(graphs: GraphInputs): Tensor {
    const x = elu(this.layer.forward(graphs.x, graphs.neighborhood));
    return this.readout === undefined ? meanReadout(x, graphs) : this.readout.forward(x, graphs);
  }

  detailed(graphs: GraphInputs): { readonly output: Tensor; readonly attention: GraphModelAttention } {
    const x = elu(this.layer.forward(graphs.x, graphs.neighborhood));
    if (this.readout === undefined) {
      return { output: meanReadout(x, graphs), attention: { nodes: undefined, edges: undefined } };
    }
    const { output, attention } = this.readout.detailed(x, graphs);
    // Nodes are in the order of their graphs here, and so are the positions of the read-out.
    return { output, attention: { nodes: attention.weights, edges: undefined } };
  }
}

function weightMatrix(model: SmallGraphModel, of: SparseNeighborhood): Matrix {
  const { attention } = model.layer.detailed(inputs.x, of);
  const weights = attention.weights.dataSync();
  const matrix = Matrix.zeros(6, 6);
  for (let p = 0; p < attention.neighborhood.edges; p++) {
    matrix.set(attention.neighborhood.receiverOf[p]!, attention.neighborhood.senderOf[p]!, weights[p]!);
  }
  return matrix;
}

describe("checkGraphAttention", () => {
  it.each([true, false])(
    "ranks a graph's own edges by what its read-out takes along them, attending %s",
    async (attends) => {
      const model = new SmallGraphModel(attends);
      const { edges: found, candidates } = await checkGraphAttention(model, inputs);
      // The loop at 1 is replaced by the layer, and 4 and 5 are of another graph.
      expect(Array.from(found.numbers)).toEqual([0, 1, 2, 3]);
      expect(candidates).toBe(4);
      const nodes = attends
        ? Array.from(model.detailed(inputs).attention.nodes!.dataSync())
        : new Array<number>(6).fill(0.25);
      const weights = weightMatrix(model, neighborhood);
      for (const [k, edge] of [0, 1, 2, 3].entries()) {
        const [sender, receiver] = edges[edge]!;
        expect(found.importance[k]).toBeCloseTo(nodes[receiver]! * weights.get(receiver, sender), 12);
      }
    },
  );

  it("asks for the graph's answer without the edges, those of other graphs left alone", async () => {
    const model = new SmallGraphModel(true);
    const { answer, oneByOne, target, outputs } = await checkGraphAttention(model, inputs, {
      graph: 0,
      measure: "output",
      oneByOne: true,
    });
    const without = (removed: number): number => {
      const kept = edges.filter((_, edge) => edge !== removed);
      return model.forward({ ...inputs, neighborhood: neighborhoodOf(kept, 6) }).dataSync()[target]!;
    };
    expect(target).toBe(outputs.indexOf(Math.max(...outputs)));
    expect(answer).toBeCloseTo(without(-1), 12);
    for (const edge of [0, 1, 2, 3]) expect(oneByOne?.changes[edge]).toBeCloseTo(answer - without(edge), 12);
  });

  it("looks at any graph of the batch, and reads edge features", async () => {
    const { edges: found } = await checkGraphAttention(new SmallGraphModel(true), inputs, { graph: 1 });
    expect(Array.from(found.numbers)).toEqual([5, 6]);
    const edgeFeatures = tensor(
      edges.map((_, edge) => edge),
      [edges.length, 1],
      { engine: reference },
    );
    const seen: number[][] = [];
    class Reader extends SmallGraphModel {
      override forward(graphs: GraphInputs): Tensor {
        seen.push(Array.from(graphs.edgeFeatures?.dataSync() ?? []).sort());
        return super.forward(graphs);
      }
    }
    await checkGraphAttention(new Reader(true), { ...inputs, edgeFeatures }, { graph: 1 });
    expect(seen).toContainEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(seen).toContainEqual([0, 1, 2, 3, 4, 5]);
    expect(seen).toContainEqual([0, 1, 2, 3, 4, 6]);
    expect(seen.every((features) => features.length >= 5)).toBe(true);
  });

  it("refuses graphs that are not there or have no nodes", async () => {
    const model = new SmallGraphModel(true);
    for (const graph of [3, -1, 0.5]) {
      await expect(checkGraphAttention(model, inputs, { graph })).rejects.toMatchObject({ code: "index-out-of-range" });
    }
    await expect(checkGraphAttention(model, inputs, { graph: 2 })).rejects.toMatchObject({ code: "no-nodes" });
    const misspelt = { graph: 0, node: 1 };
    await expect(checkGraphAttention(model, inputs, misspelt)).rejects.toMatchObject({ code: "unknown-option" });
  });
});
