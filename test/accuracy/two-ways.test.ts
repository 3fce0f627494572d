import { load, toGraphology } from "@vicinal/datasets";
import { labelNodes, neighborhoodOfEdges, predictedClasses, trainNodeClassifier } from "@vicinal/graph";
import { describe, expect, it } from "vitest";

const root = process.env["VICINAL_DATA"] ?? "";

describe.skipIf(root === "")("Cora by two ways (needs VICINAL_DATA)", () => {
  it("gives equal predictions as a graphology graph and as typed arrays", async () => {
    const dataset = await load("cora");
    const { nodes, edges, features, labels, classNames } = dataset;
    const { train, validation } = dataset.splits[0]!;
    // Without dropout, whose masks follow the order of edges: that is another in a graph.
    const options = { epochs: 8, seed: 1, dropout: 0, residual: false };

    const fromArrays = await trainNodeClassifier(
      {
        neighborhood: neighborhoodOfEdges(nodes, edges),
        features,
        labels,
        classes: classNames.length,
        train,
        validation,
      },
      options,
    );
    const predicted = predictedClasses(fromArrays.probabilities, classNames.length);

    const parts = new Map([
      ...Array.from(train, (node) => [String(node), "train"] as const),
      ...Array.from(validation, (node) => [String(node), "validation"] as const),
    ]);
    const graph = toGraphology(dataset);
    const fromGraph = await labelNodes.detailed(graph, {
      ...options,
      // The class numbers, so that the classes are in the order of the arrays.
      label: (_node, { label }) => (typeof label === "string" ? classNames.indexOf(label) : undefined),
      split: (node) => parts.get(node) ?? "test",
      // One word is in no paper: `size` keeps its column.
      features: [
        { name: "words", kind: "set", size: features?.columns ?? 0, get: (_node, attributes) => words(attributes) },
      ],
    });

    for (let node = 0; node < nodes; node++) {
      expect(fromGraph.predictions[node], `node ${node}`).toBe(String(predicted[node]));
      const row = fromArrays.probabilities.subarray(node * classNames.length, (node + 1) * classNames.length);
      for (const [c, probability] of row.entries()) {
        expect(fromGraph.probabilities[node]?.[c]).toBeCloseTo(probability, 4);
      }
    }
    expect(fromGraph.metrics.validation?.nodes).toBe(validation.length);
  });
});

function words({ features }: Readonly<Record<string, unknown>>): number[] {
  return Array.isArray(features) ? features.map(Number) : [];
}
