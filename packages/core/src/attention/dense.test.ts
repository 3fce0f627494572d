import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { checkGradients, unevenSum } from "../conformance/finite-differences.ts";
import { largestError } from "../conformance/largest-error.ts";
import type { Engine } from "../engine/engine.ts";
import { keepsElement } from "../engine/kernels.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { createWasmEngine } from "../engine/wasm/wasm-engine.ts";
import { Random } from "../random.ts";
import { backward } from "../tensor/backward.ts";
import { parameter, tensor } from "../tensor/create.ts";
import { scope } from "../tensor/scope.ts";
import { sum } from "../tensor/sum.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { testedEngines } from "../testing/engines.ts";
import { attend } from "./attend.ts";
import { attendDense } from "./dense.ts";
import { SparseNeighborhood } from "./neighborhood/sparse.ts";
import { scaledDot } from "./score/scaled-dot.ts";

/** Sizes, and the run of each receiver as a pair of its start and its end. */
interface Example {
  readonly senders: number;
  readonly heads: number;
  readonly channels: number;
  readonly valueChannels: number;
  readonly runs: readonly (readonly [start: number, end: number])[];
}

const each = <Item>(count: number, item: (i: number) => Item): Item[] =>
  Array.from({ length: count }, (_, i) => item(i));

const examples: Readonly<Record<string, Example>> = {
  "complete, self": { senders: 6, heads: 2, channels: 3, valueChannels: 3, runs: each(6, () => [0, 6]) },
  "complete, two sets of odd widths": {
    senders: 9,
    heads: 3,
    channels: 5,
    valueChannels: 7,
    runs: each(3, () => [0, 9]),
  },
  causal: { senders: 21, heads: 1, channels: 8, valueChannels: 2, runs: each(21, (i) => [0, i + 1]) },
  "a window of 5": {
    senders: 70,
    heads: 2,
    channels: 4,
    valueChannels: 4,
    runs: each(70, (i) => [Math.max(0, i - 2), Math.min(70, i + 3)]),
  },
  "packed sequences of 4, 1 and 8": {
    senders: 13,
    heads: 2,
    channels: 2,
    valueChannels: 9,
    runs: each(13, (i) => (i < 4 ? [0, 4] : i < 5 ? [4, 5] : [5, 13])),
  },
  "runs of all kinds, two of them empty": {
    senders: 7,
    heads: 2,
    channels: 3,
    valueChannels: 4,
    runs: [
      [2, 5],
      [0, 0],
      [6, 7],
      [0, 7],
      [5, 3],
    ],
  },
  "one pair": { senders: 1, heads: 1, channels: 1, valueChannels: 1, runs: [[0, 1]] },
};

function runsOf({ runs }: Example) {
  return {
    starts: Uint32Array.from(runs, ([start]) => start),
    ends: Uint32Array.from(runs, ([, end]) => end),
  };
}

function leaf(engine: Engine, shape: readonly number[], seed: number): Tensor {
  const random = new Random(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  // Float32 holds them exactly, so that every engine starts from the same.
  return parameter(
    Float32Array.from({ length: size }, () => random.uniform(-1, 1)),
    shape,
    { engine },
  );
}

function inputsOf({ senders, heads, channels, valueChannels, runs }: Example, engine: Engine) {
  return {
    query: leaf(engine, [runs.length, heads, channels], 1),
    key: leaf(engine, [senders, heads, channels], 2),
    value: leaf(engine, [senders, heads, valueChannels], 3),
  };
}

/** One head of `[elements, heads, channels]`. */
function headOf(x: Tensor, head: number): Matrix {
  const [elements = 0, heads = 0, channels = 0] = x.shape;
  const values = x.dataSync();
  const result = Matrix.zeros(elements, channels);
  for (let i = 0; i < elements; i++) {
    for (let c = 0; c < channels; c++) result.set(i, c, values[(i * heads + head) * channels + c]!);
  }
  return result;
}

/**
 * The formula with whole matrices: softmax(scale Q K^T) V over each run, and 0 for an empty one; `kept` is what dropout multiplies a weight by.
 */
function formula(
  { runs, heads, senders, valueChannels }: Example,
  { query, key, value }: ReturnType<typeof inputsOf>,
  scale: number,
  kept: (i: number, j: number, head: number) => number = () => 1,
): number[] {
  const outputs = each(heads, (head) => {
    const logits = headOf(query, head).mmul(headOf(key, head).transpose()).mul(scale);
    const weights = Matrix.zeros(runs.length, senders);
    runs.forEach(([start, end], i) => {
      const exponentials = each(Math.max(0, end - start), (k) => Math.exp(logits.get(i, start + k)));
      const total = exponentials.reduce((a, b) => a + b, 0);
      exponentials.forEach((e, k) => {
        weights.set(i, start + k, (e / total) * kept(i, start + k, head));
      });
    });
    return weights.mmul(headOf(value, head));
  });
  return each(runs.length * heads * valueChannels, (k) => {
    const [i, head, c] = [
      Math.floor(k / (heads * valueChannels)),
      Math.floor(k / valueChannels) % heads,
      k % valueChannels,
    ];
    return outputs[head]!.get(i, c);
  });
}

function enumerated({ runs, senders }: Example): SparseNeighborhood {
  const pairs = runs.flatMap(([start, end], i) => each(Math.max(0, end - start), (k) => [i, start + k] as const));
  return SparseNeighborhood.fromEdgeList({
    receivers: Uint32Array.from(pairs, ([i]) => i),
    senders: Uint32Array.from(pairs, ([, j]) => j),
    receiverCount: runs.length,
    senderCount: senders,
  });
}

describe.each(testedEngines())("attendDense on the $engine.name engine", ({ engine, tolerance }) => {
  describe.each(Object.entries(examples))("%s", (_, example) => {
    const runs = runsOf(example);
    const { senders, heads, channels } = example;

    it("is softmax(scale Q K^T) V over each run", () => {
      const inputs = inputsOf(example, engine);
      const got = attendDense(runs, inputs, { scale: 0.7 });
      expect(got.shape).toEqual([example.runs.length, heads, example.valueChannels]);
      expect(largestError(got.dataSync(), formula(example, inputs, 0.7))).toBeLessThan(tolerance);
    });

    it("drops the weights that keepsElement says, and divides the others by 1 - probability", () => {
      const inputs = inputsOf(example, engine);
      const got = attendDense(runs, inputs, { scale: 1, dropout: 0.4, seed: 77 }).dataSync();
      const kept = (i: number, j: number, head: number) =>
        keepsElement(77, (i * senders + j) * heads + head, 0.4) ? 1 / 0.6 : 0;
      expect(largestError(got, formula(example, inputs, 1, kept))).toBeLessThan(tolerance);
    });

    it("agrees with attend over the list of its pairs, and so do the gradients", () => {
      const results = [
        (inputs: ReturnType<typeof inputsOf>) => attendDense(runs, inputs, { scale: 1 / Math.sqrt(channels) }),
        (inputs: ReturnType<typeof inputsOf>) =>
          attend(enumerated(example), inputs, { score: scaledDot(), parameters: {} }),
      ].map((attention) => {
        const inputs = inputsOf(example, engine);
        const output = attention(inputs);
        backward(unevenSum(output));
        return [output, inputs.query.grad!, inputs.key.grad!, inputs.value.grad!].map((x) => x.dataSync());
      });
      results[0]!.forEach((got, k) => {
        expect(largestError(got, results[1]![k]!)).toBeLessThan(tolerance);
      });
    });

    it("gives the same bits every time", () => {
      const inputs = inputsOf(example, engine);
      const run = () => attendDense(runs, inputs, { scale: 1, dropout: 0.1, seed: 5 }).dataSync();
      expect(run()).toEqual(run());
    });
  });

  it("drops nothing without a seed", () => {
    const example = examples["complete, self"]!;
    const inputs = inputsOf(example, engine);
    const got = attendDense(runsOf(example), inputs, { scale: 1, dropout: 0.9 }).dataSync();
    expect(got).toEqual(attendDense(runsOf(example), inputs, { scale: 1 }).dataSync());
  });

  it("gives zeros for an empty run, and no gradient to anyone through it", () => {
    const example = {
      senders: 2,
      heads: 1,
      channels: 1,
      valueChannels: 2,
      runs: [
        [1, 1],
        [2, 0],
      ],
    } as const;
    const inputs = inputsOf(example, engine);
    const output = attendDense(runsOf(example), inputs, { scale: 1 });
    expect(Array.from(output.dataSync())).toEqual([0, 0, 0, 0]);
    backward(sum(output));
    for (const input of Object.values(inputs)) expect(input.grad!.dataSync().every((x) => x === 0)).toBe(true);
  });

  it("survives logits of 1e4 and -1e4", () => {
    const one = parameter([1, 1], [2, 1, 1], { engine });
    const key = parameter([1e4, -1e4, 1e4], [3, 1, 1], { engine });
    const value = parameter([1, 2, 5], [3, 1, 1], { engine });
    const runs = { starts: Uint32Array.of(0, 1), ends: Uint32Array.of(3, 2) };
    const output = attendDense(runs, { query: one, key, value }, { scale: 1 });
    expect(Array.from(output.dataSync())).toEqual([3, 2]);
    backward(unevenSum(output));
    for (const { grad } of [one, key, value]) expect(grad!.dataSync().every(Number.isFinite)).toBe(true);
  });

  it("keeps what a causal receiver does not see from it, NaN too", () => {
    const example = examples["causal"]!;
    const results = [1, Number.NaN].map((last) => {
      const inputs = inputsOf(example, engine);
      for (const input of [inputs.key, inputs.value]) {
        const values = input.dataSync();
        values.fill(last, values.length - input.shape[2]!);
        engine.write(input.buffer, values);
      }
      return attendDense(runsOf(example), inputs, { scale: 1 }).dataSync().slice(0, -example.valueChannels);
    });
    expect(results[1]).toEqual(results[0]);
  });
});

describe("the gradients of attendDense agree with finite differences", () => {
  const engine = createReferenceEngine();
  for (const [name, example] of Object.entries(examples)) {
    if (example.senders > 25) continue;
    for (const dropout of [0, 0.4]) {
      it(`${name}${dropout > 0 ? " with dropout" : ""}`, () => {
        const inputs = inputsOf(example, engine);
        const loss = () => unevenSum(attendDense(runsOf(example), inputs, { scale: 0.7, dropout, seed: 77 }));
        for (const [leafName, { relativeError }] of Object.entries(checkGradients(loss, inputs))) {
          expect(relativeError, leafName).toBeLessThan(1e-6);
        }
      });
    }
  }

  it("and are left out where nobody asks for them", () => {
    const example = examples["causal"]!;
    for (const wanted of ["query", "key", "value"] as const) {
      const [all, one] = [inputsOf(example, engine), inputsOf(example, engine)].map((inputs, k) => {
        const given = { query: inputs.query, key: inputs.key, value: inputs.value };
        for (const name of ["query", "key", "value"] as const) {
          if (k === 1 && name !== wanted) {
            given[name] = tensor(inputs[name].dataSync(), inputs[name].shape, { engine });
          }
        }
        backward(unevenSum(attendDense(runsOf(example), given, { scale: 1 })));
        return given;
      });
      expect(one![wanted].grad!.dataSync()).toEqual(all![wanted].grad!.dataSync());
    }
  });
});

describe("attendDense refuses before computing", () => {
  const example = examples["complete, self"]!;
  const engine = createReferenceEngine();
  const inputs = inputsOf(example, engine);
  const runs = runsOf(example);
  const cases: readonly (readonly [string, () => Tensor, string])[] = [
    [
      "a query without heads",
      () => attendDense(runs, { ...inputs, query: leaf(engine, [6, 6], 1) }, { scale: 1 }),
      "shapes-differ",
    ],
    [
      "more queries than runs",
      () => attendDense(runs, { ...inputs, query: leaf(engine, [7, 2, 3], 1) }, { scale: 1 }),
      "shapes-differ",
    ],
    [
      "a key of other channels",
      () => attendDense(runs, { ...inputs, key: leaf(engine, [6, 2, 4], 1) }, { scale: 1 }),
      "shapes-differ",
    ],
    [
      "a value of fewer senders",
      () => attendDense(runs, { ...inputs, value: leaf(engine, [5, 2, 3], 1) }, { scale: 1 }),
      "shapes-differ",
    ],
    [
      "a run beyond the last sender",
      () => attendDense({ ...runs, ends: runs.ends.map(() => 7) }, inputs, { scale: 1 }),
      "kernel-arguments",
    ],
    [
      "more ends than starts",
      () => attendDense({ ...runs, ends: new Uint32Array(7) }, inputs, { scale: 1 }),
      "kernel-arguments",
    ],
    ["a probability of 1", () => attendDense(runs, inputs, { scale: 1, dropout: 1, seed: 1 }), "out-of-range"],
    [
      "tensors of two engines",
      () => attendDense(runs, { ...inputs, key: leaf(createReferenceEngine(), [6, 2, 3], 1) }, { scale: 1 }),
      "mixed-engines",
    ],
  ];
  it.each(cases)("%s", (_, call, code) => {
    expect(call).toThrow(expect.objectContaining({ code }));
  });
});

it("takes memory of the inputs, not of the pairs: 4,096 elements, 2 heads x 16, forward and backward", () => {
  const engine = createWasmEngine();
  const count = 4096;
  const example = {
    senders: count,
    heads: 2,
    channels: 16,
    valueChannels: 16,
    runs: each(count, () => [0, count] as const),
  };
  const inputs = inputsOf(example, engine);
  const bytes = 4 * inputs.query.size * 4;
  engine.resetPeak();
  scope(() => backward(sum(attendDense(runsOf(example), inputs, { scale: 0.25 }))));
  expect(engine.memory().peakBytes).toBeLessThan(10 * bytes);
});
