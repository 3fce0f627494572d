import {
  corePlugin,
  createRegistry,
  definePlugin,
  elu,
  Module,
  type ParameterOptions,
  type Registry,
  type SparseNeighborhood,
  type Tensor,
  tensor,
} from "@vicinal/core";
import { distanceDecayPlugin } from "@vicinal/example-plugin-distance-decay";
import { egatPlugin } from "@vicinal/example-plugin-egat";
import { type AttentionLayer, graphPlugin, type LayerContext, neighborhoodOfEdges } from "@vicinal/graph";
import { type ProfilingEngine, profilerPlugin } from "../index.ts";

/** Options of {@link TwoMechanisms}. */
export interface TwoMechanismsOptions extends ParameterOptions {
  readonly inputs: number;
  readonly outputs: number;
  readonly hidden: number;
}

/** A network of two layers of plug-ins: EGAT, then attention that fades with distance. */
class TwoMechanisms extends Module {
  readonly layers: readonly AttentionLayer[];

  constructor({ inputs, outputs, hidden, random, engine }: TwoMechanismsOptions, registry: Registry) {
    super();
    const shared = { edgeDim: 1, random, engine };
    const layers = [
      registry.make("layers", "egat", { inputs, outputs: hidden, heads: 2, ...shared }),
      registry.make("layers", "score", {
        inputs: hidden,
        outputs,
        score: "distance-decayed",
        scoreOptions: { scale: 2 },
        fillValue: 0,
        ...shared,
      }),
    ];
    this.layers = layers.filter(isAttentionLayer);
  }

  forward(x: Tensor, neighborhood: SparseNeighborhood, context: LayerContext): Tensor {
    const [first, second] = this.layers;
    if (first === undefined || second === undefined) throw new Error("expected two layers that attend");
    return second.forward(elu(first.forward(x, neighborhood, context)), neighborhood, context);
  }
}

function isAttentionLayer(layer: Module): layer is Module & AttentionLayer {
  return "detailed" in layer && "forward" in layer && "outputs" in layer;
}

/** The network by the name `two-mechanisms`. */
const twoMechanismsPlugin = definePlugin({
  name: "two-mechanisms",
  version: "1.0.0",
  needs: { "@vicinal/example-plugin-egat": "^0.1.0", "@vicinal/example-plugin-distance-decay": "^0.1.0" },
  models: {
    "two-mechanisms": (options: TwoMechanismsOptions, registry: Registry) => new TwoMechanisms(options, registry),
  },
});

/** Everything that the network is made of, and the engine that it runs on. */
export const everything = createRegistry([
  corePlugin,
  graphPlugin,
  egatPlugin,
  distanceDecayPlugin,
  profilerPlugin,
  twoMechanismsPlugin,
]);

/** A ring of nodes of two classes, whose edges have a length. */
export function example(engine: ProfilingEngine) {
  const nodes = 12;
  const numbers = Array.from({ length: nodes }, (_, i) => i);
  const neighborhood = neighborhoodOfEdges(nodes, {
    sources: Uint32Array.from(numbers),
    targets: Uint32Array.from(numbers, (i) => (i + 1) % nodes),
  });
  return {
    neighborhood,
    labels: Int32Array.from(numbers, (i) => (i < nodes / 2 ? 0 : 1)),
    x: tensor(
      numbers.flatMap((i) => [Math.cos(i), Math.sin(2 * i)]),
      [nodes, 2],
      { engine },
    ),
    edgeFeatures: tensor(
      Array.from({ length: neighborhood.edges }, (_, e) => 1 + (e % 3)),
      [neighborhood.edges, 1],
      { engine },
    ),
  };
}

/** The bits of what a network says of the {@link example}. */
export function answerOf(model: Module, engine: ProfilingEngine): string {
  if (!(model instanceof TwoMechanisms)) throw new Error("expected the network of two mechanisms");
  const { x, neighborhood, edgeFeatures } = example(engine);
  const values = model.forward(x, neighborhood, { edgeFeatures }).dataSync();
  return Array.from(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), (byte) =>
    byte.toString(16),
  ).join(" ");
}
