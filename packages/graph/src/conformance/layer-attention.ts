import { type Engine, Random, type SparseNeighborhood, type Tensor } from "@vicinal/core";
import { expectClose, expectThat } from "@vicinal/core/testing";
import type { GraphLayer } from "../layers/graph-layer.ts";
import { edges, isAttentive } from "./layer-bench.ts";

/** @throws Error unless a layer gives its attention with the output of `forward`, over every given edge once. */
export function checkAttention(
  layer: GraphLayer,
  engine: Engine,
  graph: SparseNeighborhood,
  given: (engine: Engine) => { readonly x: Tensor; readonly context: Readonly<Record<string, Tensor>> },
): void {
  if (!isAttentive(layer)) return;
  const { x, context } = given(engine);
  const training = () => ({ ...context, training: { random: new Random(2) } });
  const { output, attention } = layer.detailed(x, graph, training());
  expectClose("the output", output.dataSync(), layer.forward(x, graph, training()).dataSync(), 1e-10);
  const { neighborhood, edgeOf, weights } = attention;
  expectThat(
    weights.shape.length === 2 && weights.shape[0] === neighborhood.edges,
    `got weights of shape [${weights.shape.join(", ")}]`,
  );
  expectThat(edgeOf.length === neighborhood.edges, "got another count of edges");
  for (const [e, [sender, receiver]] of edges.entries()) {
    const places = Array.from(edgeOf.keys()).filter((p) => edgeOf[p] === e);
    // Layers that give each node one loop may leave out, or replace, those that are given.
    expectThat(
      places.length === 1 || (sender === receiver && places.length === 0),
      `edge ${e} is there ${places.length} times`,
    );
    for (const p of places) {
      expectThat(
        neighborhood.senderOf[p] === sender && neighborhood.receiverOf[p] === receiver,
        `edge ${e} joins other nodes`,
      );
    }
  }
}
