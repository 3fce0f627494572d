import {
  backward,
  createWasmEngine,
  type Engine,
  loadModuleState,
  moduleState,
  Random,
  readSafetensors,
  scope,
  writeSafetensors,
} from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { expectClose, expectSameBits, expectThat, unevenSum } from "@vicinal/core/testing";
import type { GraphLayer, LayerInput } from "../layers/graph-layer.ts";
import { checkAttention } from "./layer-attention.ts";
import {
  contextOf,
  edges,
  isAttentive,
  type LayerReads,
  type MadeLayer,
  narrowing,
  neighborhoodOf,
  nodeCount,
  numbers,
  reordered,
  rowsOf,
  widening,
} from "./layer-bench.ts";
import { checkEquivariance } from "./layer-equivariance.ts";
import { expectGradients } from "./layer-gradients.ts";

export type { LayerReads, MadeLayer } from "./layer-bench.ts";

/** Options of {@link layerConformance}. */
export interface LayerConformanceOptions {
  /** Width of the features of nodes. Default 3. */
  readonly inputs?: number;
  /** What the layer reads beside the nodes, by its name in the context, such as `{ edgeFeatures: { rows: "edges", width: 2 } }`. Default: nothing. */
  readonly reads?: Readonly<Record<string, LayerReads>>;
  /** Whether senders and receivers may be different nodes, as layers of models on samples must; and whether both have one width then. Default `"one"`. */
  readonly sides?: "one" | "two" | "two of one width";
  /** Whether it drops something while training. Default false. */
  readonly drops?: boolean;
  /** What the random numbers follow from. Default 1. */
  readonly seed?: number;
}

/** A test that any test runner can run. It is asynchronous where files are. */
export interface LayerConformanceCase {
  /** What is promised, in words. */
  readonly name: string;
  /** Throws, or rejects with, an Error that says what differs. */
  run(): void | Promise<void>;
}

/**
 * What every layer must do, whoever wrote it: give one row a node, as wide as it says, whatever the order of nodes and edges; give nodes without neighbors
 * what they would have alone; take graphs without edges and without nodes; have the gradients of finite differences, while dropping too; give the same on
 * every engine and twice; hold no memory; follow from its seed; and be the same after it was saved and loaded.
 *
 * ```ts
 * const make = ({ inputs, random, engine }: MadeLayer) => new MyConv(inputs, 4, { heads: 2, edgeDim: 1, random, engine });
 * for (const { name, run } of layerConformance(make, { reads: { edgeFeatures: { rows: "edges", width: 1 } } })) test(name, run);
 * ```
 */
export function layerConformance(
  makeLayer: (made: MadeLayer) => GraphLayer,
  options: LayerConformanceOptions = {},
): LayerConformanceCase[] {
  const { inputs = 3, reads = {}, sides = "one", drops = false, seed = 1 } = options;
  const make = (engine: Engine, from = seed, widths: MadeLayer["inputs"] = inputs): GraphLayer =>
    makeLayer({ inputs: widths, random: new Random(from), engine });
  const graph = neighborhoodOf(edges, nodeCount);
  const given = (engine: Engine) => ({
    x: numbers([nodeCount, inputs], 1, engine),
    context: contextOf(reads, nodeCount, edges.length, engine),
  });
  const cases: LayerConformanceCase[] = [
    {
      name: "gives one row a node, as wide as it says",
      run() {
        const engine = createReferenceEngine();
        const { x, context } = given(engine);
        const layer = make(engine);
        const { shape } = layer.forward(x, graph, context);
        expectThat(shape.join() === [nodeCount, layer.outputs].join(), `got the shape [${shape.join(", ")}]`);
      },
    },
    {
      name: "does not care how nodes are numbered, nor in which order edges come",
      run() {
        const engine = createReferenceEngine();
        const layer = make(engine);
        for (let sample = 0; sample < 30; sample++) {
          checkEquivariance(layer, engine, inputs, reads, new Random(1000 * seed + sample));
        }
      },
    },
    {
      name: "gives an isolated node what it would have in a graph of its own, and a gradient that is finite",
      run() {
        const engine = createReferenceEngine();
        const layer = make(engine);
        const { x, context } = given(engine);
        const output = layer.forward(x, graph, context);
        const alone = layer.forward(rowsOf(x, [5]), neighborhoodOf([], 1), reordered(reads, context, [5], []));
        expectClose("row 5", output.dataSync().slice(5 * layer.outputs), alone.dataSync(), 1e-10);
        backward(unevenSum(output));
        for (const leaf of [x, ...layer.parameters()]) {
          expectThat(leaf.grad?.dataSync().every(Number.isFinite) ?? true, "got a gradient that is not finite");
        }
      },
    },
    {
      name: "computes on a graph without edges, and on one without nodes",
      run() {
        const engine = createReferenceEngine();
        const layer = make(engine);
        for (const nodes of [3, 0]) {
          const output = layer.forward(
            numbers([nodes, inputs], 1, engine),
            neighborhoodOf([], nodes),
            contextOf(reads, nodes, 0, engine),
          );
          expectThat(
            output.shape.join() === [nodes, layer.outputs].join(),
            `got the shape [${output.shape.join(", ")}]`,
          );
          expectThat(output.dataSync().every(Number.isFinite), "got numbers that are not finite");
        }
      },
    },
    {
      name: "has the gradients of finite differences, by every parameter and input",
      run() {
        const engine = createReferenceEngine();
        const { x, context } = given(engine);
        expectGradients(make(engine), { x, ...context }, (layer) => layer.forward(x, graph, context));
      },
    },
    {
      name: "gives the same bits twice on the wasm engine, gradients included, close to those of float64",
      run() {
        const step = (engine: Engine): number[][] => {
          const layer = make(engine);
          const { x, context } = given(engine);
          const output = layer.forward(x, graph, { ...context, training: { random: new Random(3) } });
          backward(unevenSum(output));
          const leaves = [x, ...Object.values(context), ...layer.parameters()];
          return [output, ...leaves.map(({ grad }) => grad)].map((each) => Array.from(each?.dataSync() ?? []));
        };
        const [once, again, exact] = [createWasmEngine(), createWasmEngine(), createReferenceEngine()].map(step);
        exact!.forEach((values, k) => {
          expectSameBits("a second run", again![k]!, once![k]!);
          expectClose("numbers of float32", once![k]!, values, 1e-4);
        });
      },
    },
    {
      name: "holds nothing more after 30 steps than after 3",
      run() {
        const engine = createReferenceEngine();
        const layer = make(engine);
        const { x, context } = given(engine);
        const training = { random: new Random(1) };
        const step = (): void => scope(() => backward(unevenSum(layer.forward(x, graph, { ...context, training }))));
        for (let k = 0; k < 3; k++) step();
        const { buffers, bytes } = engine.memory();
        for (let k = 3; k < 30; k++) step();
        const after = engine.memory();
        expectThat(after.buffers === buffers && after.bytes === bytes, `got ${after.bytes - bytes} more bytes`);
      },
    },
    {
      name: "draws other parameters from another seed, and the same from the same",
      run() {
        const values = (from: number) =>
          make(createReferenceEngine(), from)
            .parameters()
            .map((each) => Array.from(each.dataSync()));
        const [once, again, other] = [values(1), values(1), values(2)];
        once.forEach((each, k) => {
          expectSameBits("the parameters", again[k]!, each);
        });
        if (!once.some((each) => each.length > 1)) return;
        expectThat(JSON.stringify(once) !== JSON.stringify(other), "got the same parameters from another seed");
      },
    },
    {
      name: drops
        ? "drops by a mask that follows from the seed, and only while training"
        : "computes the same while training",
      run() {
        const engine = createReferenceEngine();
        const layer = make(engine);
        const { x, context } = given(engine);
        const trained = (from: number) =>
          layer.forward(x, graph, { ...context, training: { random: new Random(from) } }).dataSync();
        const evaluated = layer.forward(x, graph, context).dataSync();
        expectSameBits("the output", trained(1), trained(1));
        if (!drops) return expectSameBits("the output", trained(1), evaluated);
        expectThat(trained(1).join() !== trained(2).join(), "got the same mask from another seed");
        expectThat(trained(1).join() !== evaluated.join(), "got nothing dropped");
      },
    },
    {
      name: "gives the same bits after it was saved and loaded into one of another seed",
      async run() {
        const engine = createWasmEngine();
        const [from, to] = [make(engine, 1), make(engine, 2)];
        const { x, context } = given(engine);
        loadModuleState(to, readSafetensors(writeSafetensors({ tensors: await moduleState(from) })).tensors);
        expectSameBits(
          "the output",
          to.forward(x, graph, context).dataSync(),
          from.forward(x, graph, context).dataSync(),
        );
      },
    },
  ];
  if (drops) {
    cases.push({
      name: "has the gradients of finite differences while dropping",
      run() {
        const engine = createReferenceEngine();
        const { x, context } = given(engine);
        expectGradients(make(engine), { x, ...context }, (layer) =>
          layer.forward(x, graph, { ...context, training: { random: new Random(8) } }),
        );
      },
    });
  }
  if (sides !== "one") {
    for (const [what, neighborhood] of [
      ["more receivers than senders", widening],
      ["more senders than receivers", narrowing],
    ] as const) {
      cases.push({
        name: `has them from senders to other receivers, ${what}`,
        run() {
          const engine = createReferenceEngine();
          const receiverWidth = sides === "two" ? inputs + 1 : inputs;
          const senders = numbers([neighborhood.senders, inputs], 4, engine);
          const receivers = numbers([neighborhood.receivers, receiverWidth], 5, engine);
          const context = contextOf(reads, neighborhood.senders, neighborhood.edges, engine);
          const x: LayerInput = [senders, receivers];
          expectGradients(make(engine, seed, [inputs, receiverWidth]), { senders, receivers, ...context }, (layer) =>
            layer.forward(x, neighborhood, context),
          );
        },
      });
    }
  }
  if (isAttentive(make(createReferenceEngine()))) {
    cases.push({
      name: "gives its attention with the output of forward, over every given edge once",
      run() {
        const engine = createReferenceEngine();
        checkAttention(make(engine), engine, graph, given);
      },
    });
  }
  return cases;
}
