import { add, type Engine, Linear, Module, parameter, Random, Tensor } from "@vicinal/core";
import { GraphCollection } from "../batch/graph-collection.ts";
import type { GraphParts } from "../batch/graph-parts.ts";
import type { GraphInputs, GraphModel, GraphModelAttention, GraphModelContext } from "../models/graph-model.ts";
import { weightsOfNodes } from "../models/weights-of-nodes.ts";
import { AttentionReadout } from "../readout/attention-readout.ts";
import { SumReadout } from "../readout/pool.ts";

interface LinearGraphModelOptions {
  readonly random: Random;
  readonly engine?: Engine | undefined;
  /** Default false. */
  readonly bias?: boolean;
}

/** The sum over the nodes of a linear map of their features: what it learns, and its gradients, can be written down. */
export class LinearGraphModel extends Module implements GraphModel {
  readonly outputs: number;
  readonly linear: Linear;
  /** `[outputs]`, of each graph; undefined without. */
  readonly bias: Tensor | undefined;
  readonly #readout: SumReadout;

  constructor(inputs: number, outputs: number, options: LinearGraphModelOptions) {
    super();
    const { random, engine, bias = false } = options;
    this.outputs = outputs;
    this.linear = new Linear(inputs, outputs, { random, engine, bias: false });
    this.bias = bias ? parameter(new Float32Array(outputs), [outputs], { engine }) : undefined;
    this.#readout = new SumReadout(outputs);
  }

  forward(graphs: GraphInputs): Tensor {
    const sums = this.#readout.forward(this.linear.forward(graphs.x), graphs);
    return this.bias === undefined ? sums : add(sums, this.bias);
  }

  detailed(graphs: GraphInputs): { readonly output: Tensor; readonly attention: GraphModelAttention } {
    return { output: this.forward(graphs), attention: { nodes: undefined, edges: undefined } };
  }
}

/** A read-out by attention and a linear map: a model that says which nodes it looked at. */
export class AttentiveGraphModel extends Module implements GraphModel {
  readonly outputs: number;
  readonly readout: AttentionReadout;
  readonly linear: Linear;

  constructor(
    inputs: number,
    outputs: number,
    options: { readonly random: Random; readonly engine?: Engine | undefined },
  ) {
    super();
    this.outputs = outputs;
    this.readout = new AttentionReadout(inputs, options);
    this.linear = new Linear(this.readout.outputs, outputs, options);
  }

  forward(graphs: GraphInputs, context: GraphModelContext = {}): Tensor {
    return this.detailed(graphs, context).output;
  }

  detailed(
    graphs: GraphInputs,
    context: GraphModelContext = {},
  ): { readonly output: Tensor; readonly attention: GraphModelAttention } {
    const { output, attention } = this.readout.detailed(dense(graphs), graphs, context);
    return {
      output: this.linear.forward(output),
      attention: { nodes: weightsOfNodes(attention), edges: undefined },
    };
  }
}

function dense({ x }: GraphInputs): Tensor {
  if (x instanceof Tensor) return x;
  throw new Error("Dense features were expected.");
}

/** A ring of some nodes with one-hot features of three kinds, drawn. */
export function ringOfKinds(nodes: number, random: Random): GraphParts & { readonly kinds: readonly number[] } {
  const kinds = Array.from({ length: nodes }, () => random.integer(3));
  const values = new Float32Array(nodes * 3);
  for (const [node, kind] of kinds.entries()) values[3 * node + kind] = 1;
  const [sources, targets]: [number[], number[]] = [[], []];
  for (let node = 0; node < nodes; node++) {
    const next = (node + 1) % nodes;
    sources.push(node, next);
    targets.push(next, node);
  }
  return {
    nodes,
    edges: { sources: Uint32Array.from(sources), targets: Uint32Array.from(targets) },
    features: { kind: "dense", rows: nodes, columns: 3, values },
    kinds,
  };
}

/** Rings, with how many nodes of each kind they have: what a sum over their nodes can tell. */
export function rings(
  count: number,
  seed: number,
): { readonly collection: GraphCollection; readonly counts: readonly (readonly number[])[] } {
  const random = new Random(seed);
  const drawn = Array.from({ length: count }, () => ringOfKinds(3 + random.integer(6), random));
  return {
    collection: new GraphCollection(drawn.map(({ kinds: _, ...parts }) => parts)),
    counts: drawn.map(({ kinds }) => [0, 1, 2].map((kind) => kinds.filter((k) => k === kind).length)),
  };
}
