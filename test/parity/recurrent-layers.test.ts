import {
  concatenate,
  createWasmEngine,
  type Engine,
  GRU,
  GRUCell,
  LSTM,
  LSTMCell,
  Random,
  reshape,
  slice,
  type Tensor,
} from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { describe, expect, it } from "vitest";
import { type Compared, expectResultsAndGradients, fromFixture } from "./comparison.ts";
import type { FixtureTensor } from "./fixture-format.ts";
import { type CellCase, type RecurrentLayerCase, sequenceCases } from "./sequence-fixtures.ts";
import { StateDict } from "./state-dict.ts";

const [gru, lstm] = [sequenceCases.gru(), sequenceCases.lstm()];

for (const engine of [createReferenceEngine(), createWasmEngine()]) {
  describe(`PyTorch's recurrent numbers on the ${engine.name} engine`, () => {
    describe("GRUCell", () => {
      for (const fixture of gru.cells) it(fixture.name, () => checkCell(fixture, engine));
    });
    describe("LSTMCell", () => {
      for (const fixture of lstm.cells) it(fixture.name, () => checkCell(fixture, engine));
    });
    describe("GRU", () => {
      for (const fixture of gru.layers) it(fixture.name, () => checkLayers(fixture, engine));
    });
    describe("LSTM", () => {
      for (const fixture of lstm.layers) it(fixture.name, () => checkLayers(fixture, engine));
    });
  });
}

/** What a case has for memory, `cell`, says which of the two it is. Ours always have biases: without them, they are zero. */
function checkCell(fixture: CellCase, engine: Engine): void {
  const { inputs, options } = fixture;
  const { inputSize, hiddenSize } = options;
  const [x, hidden] = [fromFixture(inputs.x, engine), fromFixture(inputs.hidden, engine)];
  const memory = inputs.cell === null ? undefined : fromFixture(inputs.cell, engine);
  const stateDict = new StateDict(fixture);
  const drawn = { random: new Random(1), engine };
  const after: { hidden: Tensor; cell?: Tensor } = { hidden };
  if (memory === undefined) {
    const cell = new GRUCell(inputSize, hiddenSize, drawn);
    stateDict.cell(cell);
    after.hidden = cell.forward(x, hidden);
  } else {
    const cell = new LSTMCell(inputSize, hiddenSize, drawn);
    stateDict.cell(cell);
    Object.assign(after, cell.forward(x, { hidden, cell: memory }));
  }
  compare(fixture, stateDict, after, { x, hidden, cell: memory });
}

function checkLayers(fixture: RecurrentLayerCase, engine: Engine): void {
  const { inputs, options, lengths, outputs } = fixture;
  const { inputSize, hiddenSize, numLayers: layers, bidirectional } = options;
  const made = { random: new Random(1), engine, layers, bidirectional };
  const x = fromFixture(inputs.x, engine);
  const hidden = inputs.hidden === null ? undefined : fromFixture(inputs.hidden, engine);
  const cell = inputs.cell === null ? undefined : fromFixture(inputs.cell, engine);
  const stateDict = new StateDict(fixture);
  if (outputs.cell === null) {
    const layer = new GRU(inputSize, hiddenSize, made);
    stateDict.recurrent(layer);
    const { output, state } = layer.forward(x, { lengths, initial: hidden && statesOf(hidden) });
    compare(fixture, stateDict, { output, hidden: stacked(state) }, { x, hidden, cell });
  } else {
    const layer = new LSTM(inputSize, hiddenSize, made);
    stateDict.recurrent(layer);
    const cells = cell && statesOf(cell);
    const initial = hidden && statesOf(hidden).map((each, k) => ({ hidden: each, cell: cells![k]! }));
    const { output, state } = layer.forward(x, { lengths, initial });
    const after = {
      output,
      hidden: stacked(state.map((each) => each.hidden)),
      cell: stacked(state.map((each) => each.cell)),
    };
    compare(fixture, stateDict, after, { x, hidden, cell });
  }
}

type Parts<Part> = Readonly<Record<string, Part>>;

function compare(
  {
    outputs,
    upstream,
    gradients,
  }: { outputs: Parts<FixtureTensor | null>; upstream: Parts<FixtureTensor | null> } & {
    gradients: { inputs: Parts<FixtureTensor | null> };
  },
  stateDict: StateDict,
  results: Parts<Tensor>,
  leaves: Parts<Tensor | undefined>,
): void {
  const expected = Object.entries(outputs).filter(([, each]) => each !== null);
  expect(Object.keys(results)).toEqual(expected.map(([name]) => name));
  expect(stateDict.unread).toEqual([]);
  const compared = Object.entries(results).map(
    ([name, result]): Compared => ({ name, result, expected: outputs[name]!, upstream: upstream[name] ?? null }),
  );
  const given = Object.entries(leaves).map(([name, leaf]) => [name, leaf, gradients.inputs[name] ?? null] as const);
  expectResultsAndGradients(compared, [...given, ...stateDict.leaves], stateDict.least);
}

/** PyTorch's `[layers * directions, sequences, hidden]` as our list of `[sequences, hidden]`. */
function statesOf(states: Tensor): readonly Tensor[] {
  const [count = 0, ...shape] = states.shape;
  return Array.from({ length: count }, (_, k) => reshape(slice(states, 0, k, k + 1), shape));
}

/** The inverse of {@link statesOf}. */
function stacked(states: readonly Tensor[]): Tensor {
  return concatenate(
    states.map((state) => reshape(state, [1, ...state.shape])),
    0,
  );
}
