import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { coreFixtures } from "./core-fixtures.ts";
import type { FixtureTensor } from "./fixture-format.ts";
import { type FixtureAttention, layerCases, parseGatConv } from "./fixtures.ts";
import { furtherCoreFixtures, normalizerFixtures, positionFixtures } from "./further-core-fixtures.ts";
import { parseMultiHead, sequenceCases } from "./sequence-fixtures.ts";

/** Every number of a parsed file, wherever it stands. */
function numbers(value: unknown): number[] {
  if (typeof value === "number") return [value];
  if (typeof value !== "object" || value === null) return [];
  const inside: unknown[] = Object.values(value);
  return inside.flatMap(numbers);
}

/** The sum of the weights into each target that has any, for each head. */
function sums({ targets, weights }: FixtureAttention): number[] {
  const heads = weights.shape[1]!;
  const byTarget = new Map<number, number[]>();
  for (const [edge, target] of targets.entries()) {
    const row = byTarget.get(target) ?? new Array<number>(heads).fill(0);
    for (let head = 0; head < heads; head++) row[head]! += weights.data[edge * heads + head]!;
    byTarget.set(target, row);
  }
  return [...byTarget.values()].flat();
}

/** The shape of each tensor, by name. */
function shapesOf(tensors: Readonly<Record<string, FixtureTensor | null>>): unknown[] {
  return Object.entries(tensors).map(([key, each]) => [key, each?.shape]);
}

describe.each(Object.entries(layerCases))("fixtures of %s", (_layer, read) => {
  const cases = read();

  it("load, have distinct names and hold finite numbers", () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    expect(numbers(cases).every(Number.isFinite)).toBe(true);
  });

  it("have no parameter that is zero", () => {
    // AGNNConv's fixed temperature and GINEConv's fixed eps are options, kept among the parameters as buffers.
    const drawn = cases.flatMap(({ parameters, gradients }) =>
      Object.entries(parameters).filter(([key]) => key in gradients.parameters),
    );
    expect(drawn.flatMap(([, { data }]) => data)).not.toContain(0);
  });

  it("start from numbers that float32 holds exactly", () => {
    const given = cases.flatMap(({ inputs, upstream }) => numbers([inputs, upstream]));
    expect(given.map(Math.fround)).toEqual(given);
  });
});

it.each(["GATConv", "GATv2Conv", "TransformerConv"] as const)(
  "attention of %s sums to one over each target",
  (layer) => {
    for (const { attention } of layerCases[layer]()) {
      expect(attention).not.toBeNull();
      if (attention) for (const sum of sums(attention)) expect(sum).toBeCloseTo(1, 10);
    }
  },
);

describe("fixtures of core", () => {
  it("load and hold finite numbers", () => {
    const core = coreFixtures();
    expect(numbers(core).length).toBeGreaterThan(1000);
    expect(numbers(core).every(Number.isFinite)).toBe(true);
  });

  it("have gradients of the inputs' shapes", () => {
    const core = coreFixtures();
    const { attention, segmentSoftmax, layerNorm, linear, logSoftmax, crossEntropy, binaryCrossEntropy } = core;
    for (const { inputs, gradients } of [
      ...[...attention, ...segmentSoftmax, ...layerNorm, ...linear, ...logSoftmax],
      ...[...crossEntropy, ...binaryCrossEntropy, ...core.activations],
    ]) {
      expect(shapesOf(gradients)).toEqual(shapesOf(inputs));
    }
  });
});

describe("fixtures of sequences", () => {
  const modules = [
    ...sequenceCases.multiHead(),
    ...sequenceCases.encoder(),
    ...sequenceCases.decoder(),
    ...[sequenceCases.gru(), sequenceCases.lstm()].flatMap(({ cells, layers }) => [...cells, ...layers]),
  ];
  const further = furtherCoreFixtures();
  const { sparsemax, entmax15 } = normalizerFixtures();
  const positions = positionFixtures();
  const functions = [
    ...[...sequenceCases.scaledDotProduct(), ...further.embedding, ...further.layerNorm, ...further.swiglu],
    ...[...sparsemax, ...entmax15, ...positions.rotary],
  ];

  it("hold finite numbers and start from those that float32 holds exactly", () => {
    expect(numbers([modules, functions, further, positions]).every(Number.isFinite)).toBe(true);
    const given = [
      ...modules.flatMap(({ inputs, parameters, upstream }) => numbers([inputs, parameters, upstream])),
      ...functions.flatMap(({ inputs, upstream }) => numbers([inputs, upstream])),
    ];
    expect(given.map(Math.fround)).toEqual(given);
  });

  it("have gradients of the inputs' shapes, and some that are not zero", () => {
    for (const { name, inputs, gradients } of modules) {
      expect(shapesOf(gradients.inputs)).toEqual(shapesOf(inputs));
      expect(numbers(gradients.inputs).some(Boolean), name).toBe(true);
    }
    for (const { inputs, gradients } of functions) expect(shapesOf(gradients)).toEqual(shapesOf(inputs));
  });

  it("have no parameter that is zero", () => {
    expect(modules.flatMap(({ parameters }) => Object.values(parameters).flatMap(({ data }) => data))).not.toContain(0);
  });

  it("have one row an element of the packed sequences", () => {
    const total = (lengths: readonly number[]) => lengths.reduce((a, b) => a + b, 0);
    for (const { queryLengths, keyLengths, inputs, output, weights, options } of sequenceCases.multiHead()) {
      expect(output.shape).toEqual([total(queryLengths), options.embedDim]);
      expect((inputs.key ?? inputs.query).shape[0]).toBe(total(keyLengths));
      const heads = options.averageAttnWeights ? [] : [options.numHeads];
      expect(weights.map(({ shape }) => shape)).toEqual(queryLengths.map((n, s) => [...heads, n, keyLengths[s]]));
    }
    for (const { lengths, memoryLengths, inputs, output } of [...sequenceCases.encoder(), ...sequenceCases.decoder()]) {
      expect(output.shape).toEqual(inputs.x.shape);
      expect(inputs.x.shape[0]).toBe(total(lengths));
      expect(inputs.memory?.shape[0]).toBe(memoryLengths === null ? undefined : total(memoryLengths));
    }
    for (const { lengths, inputs, outputs } of [...sequenceCases.gru().layers, ...sequenceCases.lstm().layers]) {
      expect([inputs.x.shape[0], outputs.output.shape[0]]).toEqual([total(lengths), total(lengths)]);
    }
  });
});

describe("the reader", () => {
  const text = readFileSync(new URL("./fixtures/gat-conv.json", import.meta.url), "utf8");

  it("takes the file as it is", () => {
    expect(parseGatConv(text)).toEqual(layerCases.GATConv());
  });

  it.each([
    ["an unknown option", '"negativeSlope"', '"slope"', /options\.|negativeSlope/],
    ["data that does not fill its shape", '"shape":[7,3],"data":[', '"shape":[7,3],"data":[1,', /does not fill/],
    ["a node that is not there", '"nodes":7', '"nodes":3', /a node that is not there/],
    ["a missing number", '"upstream":{"shape":[7,2],"data":[', '"upstream":{"shape":[7,2],"data":[null,', /upstream/],
    ["the file of another layer", '"layer":"GATConv"', '"layer":"GATv2Conv"', /layer/],
  ])("refuses %s", (_what, given, instead, message) => {
    const changed = text.replace(given, instead);
    expect(changed).not.toBe(text);
    expect(() => parseGatConv(changed)).toThrow(message);
  });
});

describe("the reader of multi-head attention", () => {
  const text = readFileSync(new URL("./fixtures/multi-head-attention.json", import.meta.url), "utf8");

  it("takes the file as it is", () => {
    expect(parseMultiHead(text)).toEqual(sequenceCases.multiHead());
  });

  it.each([
    ["an unknown option", '"numHeads"', '"heads"', /options/],
    ["a parameter without a gradient", '"in_proj_weight"', '"weight"', /one of them is missing/],
    [
      "a parameter of another shape than its gradient",
      '"in_proj_bias":{"shape":[18]',
      '"in_proj_bias":{"shape":[18,1]',
      /differ in shape/,
    ],
    ["a mask that is no list of truths", '"masks":[[[true', '"masks":[[[1', /masks/],
  ])("refuses %s", (_what, given, instead, message) => {
    const changed = text.replace(given, instead);
    expect(changed).not.toBe(text);
    expect(() => parseMultiHead(changed)).toThrow(message);
  });
});
