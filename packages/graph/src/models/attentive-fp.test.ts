import { Random, type Tensor } from "@vicinal/core";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import type { GATConv } from "../layers/gat.ts";
import { edges, exampleGraphs, graphOf, nodeCount, sizes } from "../testing/graph-inputs.ts";
import { edgeDim, reference, width } from "../testing/layer-examples.ts";
import { expectSame } from "../testing/readout-examples.ts";
import { AttentiveFP, type AttentiveFPOptions } from "./attentive-fp.ts";

const hidden = 4;
const outputs = 2;
const graphs = exampleGraphs({ hasEdgeFeatures: true });

/** A model in which no parameter is zero. */
function make(options: Partial<AttentiveFPOptions> = {}): AttentiveFP {
  const model = new AttentiveFP(width, outputs, {
    random: new Random(1),
    engine: reference,
    hidden,
    edgeDim,
    ...options,
  });
  const random = new Random(11);
  for (const parameter of model.parameters()) {
    parameter.set(Float64Array.from({ length: parameter.size }, () => random.uniform(-1, 1)));
  }
  return model;
}

type Rows = readonly (readonly number[])[];
type Edge = readonly [sender: number, receiver: number];

const matrix = (of: Tensor): Matrix => Matrix.from1DArray(of.shape[0]!, of.shape[1]!, Array.from(of.dataSync()));
const list = (of: Tensor | undefined): readonly number[] => Array.from(of!.dataSync());
const leaky = (value: number): number => (value > 0 ? value : 0.01 * value);
const elu = (value: number): number => (value > 0 ? value : Math.exp(value) - 1);
const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, each, k) => sum + each * b[k]!, 0);
const times = (weight: Tensor, x: readonly number[]): number[] =>
  matrix(weight)
    .mmul(Matrix.columnVector([...x]))
    .getColumn(0);
const plus = (a: readonly number[], b: readonly number[]): number[] => a.map((each, k) => each + b[k]!);

/** `sum over j in N(i) of softmax(logit) value_j`, with the weights. */
function attended(among: readonly Edge[], receivers: number, logits: readonly number[], values: Rows) {
  const total = (i: number): number =>
    among.reduce((sum, [, receiver], e) => (receiver === i ? sum + Math.exp(logits[e]!) : sum), 0);
  const weights = among.map(([, receiver], e) => Math.exp(logits[e]!) / total(receiver));
  const output = Array.from({ length: receivers }, (_, i) =>
    values[0]!.map((_value, c) =>
      among.reduce((sum, [sender, receiver], e) => (receiver === i ? sum + weights[e]! * values[sender]![c]! : sum), 0),
    ),
  );
  return { output, weights };
}

function gat(layer: GATConv, x: Rows, receivers: Rows, among: readonly Edge[]) {
  const values = x.map((row) => times(layer.linear.weight, row));
  const queries = receivers.map((row) => times(layer.linear.weight, row));
  const logits = among.map(([sender, receiver]) =>
    leaky(dot(list(layer.attSource), values[sender]!) + dot(list(layer.attTarget), queries[receiver]!)),
  );
  const { output, weights } = attended(among, receivers.length, logits, values);
  return { output: output.map((row) => plus(row, list(layer.bias))), weights };
}

/** `relu(GRU(elu(found), before))`, with the gates in the order r, z, n. */
function taken(gru: AttentiveFP["gru"], found: Rows, before: Rows): number[][] {
  return found.map((row, i) => {
    const state = before[i]!;
    const ofInput = plus(times(gru.weightIh, row.map(elu)), list(gru.biasIh));
    const ofState = plus(times(gru.weightHh, state), list(gru.biasHh));
    return state.map((old, c) => {
      const reset = sigmoid(ofInput[c]! + ofState[c]!);
      const update = sigmoid(ofInput[hidden + c]! + ofState[hidden + c]!);
      const candidate = Math.tanh(ofInput[2 * hidden + c]! + reset * ofState[2 * hidden + c]!);
      return Math.max(0, (1 - update) * candidate + update * old);
    });
  });
}

/** The formula of the paper in PyTorch Geometric's form, atom by atom and bond by bond. */
function formula(model: AttentiveFP) {
  const { gateConv, linear1, linear2 } = model;
  const ofEdges = matrix(graphs.edgeFeatures!).to2DArray();
  let x: Rows = matrix(graphs.x)
    .to2DArray()
    .map((row) => plus(times(linear1.weight, row), list(linear1.bias)).map(leaky));
  const logits = edges.map(([sender, receiver], e) => {
    const joined = times(gateConv.linear1.weight, [...x[sender]!, ...ofEdges[e]!]).map(leaky);
    return leaky(dot(list(gateConv.attLeft), joined) + dot(list(gateConv.attRight), x[receiver]!));
  });
  const values = x.map((row) => times(gateConv.linear2.weight, row));
  const first = attended(edges, nodeCount, logits, values);
  let ofBonds = first.weights;
  x = taken(
    model.gru,
    first.output.map((row) => plus(row, list(gateConv.bias))),
    x,
  );
  for (const [k, conv] of model.atomConvs.entries()) {
    const { output, weights } = gat(conv, x, x, edges);
    x = taken(model.atomGrus[k]!, output, x);
    ofBonds = weights;
  }
  const members = Array.from(graphOf, (graph, node): Edge => [node, graph]);
  let molecules: Rows = sizes.map((_, g) =>
    x[0]!.map((_value, c) =>
      Math.max(
        0,
        members.reduce((sum, [node, of]) => (of === g ? sum + x[node]![c]! : sum), 0),
      ),
    ),
  );
  let ofAtoms: readonly number[] = [];
  for (let step = 0; step < model.steps; step++) {
    const { output, weights } = gat(model.molConv, x, molecules, members);
    molecules = taken(model.molGru, output, molecules);
    ofAtoms = weights;
  }
  const output = molecules.flatMap((row) => plus(times(linear2.weight, row), list(linear2.bias)));
  return { output, ofAtoms, ofBonds };
}

describe("AttentiveFP", () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 4],
  ])("computes the formula of the paper, with its attention: %s layers, %s steps", (layers, steps) => {
    const model = make({ layers, steps });
    const expected = formula(model);
    expectSame(model.forward(graphs).dataSync(), expected.output, 12);
    const { output, attention } = model.detailed(graphs);
    expectSame(output.dataSync(), expected.output, 12);
    expectSame(attention.nodes!.dataSync(), expected.ofAtoms, 12);
    // By the numbers that the bonds have in the list.
    const { edgeOf, weights } = attention.edges!;
    expectSame(
      weights.dataSync(),
      Array.from(edgeOf, (e) => expected.ofBonds[e]!),
      12,
    );
  });

  it("has the parameters of PyTorch Geometric's model", () => {
    const model = new AttentiveFP(27, 1, { random: new Random(1), engine: reference, edgeDim: 5 });
    const shapes = Object.fromEntries([...model.namedParameters()].map(([name, { shape }]) => [name, shape]));
    const [gru, gat] = [
      { weightIh: [192, 64], weightHh: [192, 64], biasIh: [192], biasHh: [192] },
      { bias: [64], "linear.weight": [64, 64], attSource: [1, 64], attTarget: [1, 64] },
    ];
    const named = (prefix: string, of: object) =>
      Object.fromEntries(Object.entries(of).map(([name, shape]) => [`${prefix}.${name}`, shape]));
    expect(shapes).toEqual({
      ...named("linear1", { weight: [64, 27], bias: [64] }),
      ...named("gateConv", { attLeft: [1, 64], attRight: [1, 64], bias: [64] }),
      ...named("gateConv", { "linear1.weight": [64, 69], "linear2.weight": [64, 64] }),
      ...{ ...named("gru", gru), ...named("atomConvs.0", gat), ...named("atomGrus.0", gru) },
      ...{ ...named("molConv", gat), ...named("molGru", gru), ...named("linear2", { weight: [1, 64], bias: [1] }) },
    });
  });

  it.each([
    ["no layers", { layers: 0 }],
    ["no steps", { steps: 0 }],
    ["no width", { hidden: 0 }],
    ["edge features of no width", { edgeDim: 0 }],
    ["a dropout of everything", { dropout: 1 }],
  ])("refuses %s", (_what, options) => {
    expect(() => make(options)).toThrow(expect.objectContaining({ name: "OptionError", code: "out-of-range" }));
  });

  it("refuses an option that nobody reads", () => {
    const misspelt: object = { timesteps: 2 };
    expect(() => make(misspelt)).toThrow(expect.objectContaining({ name: "OptionError", code: "unknown-option" }));
  });
});
