import { attend } from "../attention/attend.ts";
import { explainPlan } from "../attention/explain.ts";
import { SparseNeighborhood } from "../attention/neighborhood/sparse.ts";
import type { HeadShape, Score } from "../attention/score/score.ts";
import type { ConformanceCase } from "../engine/conformance.ts";
import type { Engine } from "../engine/engine.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { createWasmEngine } from "../engine/wasm/wasm-engine.ts";
import { ScoreParameters } from "../nn/score-parameters.ts";
import { Random } from "../random.ts";
import { loadModuleState } from "../save/module-state.ts";
import { readSafetensors } from "../save/read-safetensors.ts";
import type { WritableTensor } from "../save/stored-tensor.ts";
import { writeSafetensors } from "../save/write-safetensors.ts";
import { backward } from "../tensor/backward.ts";
import { parameter } from "../tensor/create.ts";
import { sizeOf } from "../tensor/shapes.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { expectClose, expectGradients, expectSameBits, expectThat } from "./conformance-checks.ts";
import { unevenSum } from "./finite-differences.ts";

/** Options of {@link scoreConformance}. */
export interface ScoreConformanceOptions {
  /** Whether the compiler must take the score. Default true: everything that can be written as an expression of few vectors is. */
  readonly fused?: boolean;
  /** Numbers that edges have, drawn one by one. Default between -1 and 1; for distances say 0 to 2. */
  readonly edge?: (random: Random) => number;
  /** What the random numbers follow from. Default 1. */
  readonly seed?: number;
  /** How far float32 may be from float64, relative to the largest number. Default 1e-4. */
  readonly tolerance?: number;
}

/** Receiver 2 has no sender, sender 3 no receiver; receiver 0 has one sender twice. */
const pairs = [
  [0, 0],
  [1, 0],
  [1, 0],
  [2, 1],
  [0, 3],
  [2, 3],
  [1, 4],
] as const;
const [senders, receivers] = [4, 5];
const shapes: readonly HeadShape[] = [
  { heads: 1, channels: 1 },
  { heads: 2, channels: 3 },
  { heads: 3, channels: 8 },
];

/**
 * What every score must do, whoever wrote it: give one number a head, have the gradients of finite differences, be the same on every engine and twice, treat
 * all receivers and senders alike and every head by itself, and be the same after its parameters were saved and loaded.
 *
 * ```ts
 * for (const { name, run } of scoreConformance(() => distanceDecayed())) test(name, run);
 * ```
 */
export function scoreConformance(makeScore: () => Score, options: ScoreConformanceOptions = {}): ConformanceCase[] {
  const { fused = true, edge = (random) => random.uniform(-1, 1), seed = 1, tolerance = 1e-4 } = options;
  const score = makeScore();
  const bench = (shape: HeadShape, engine: Engine) => new Bench(score, shape, engine, seed, edge);
  const all = (check: (shape: HeadShape) => void) => () => shapes.forEach(check);
  return [
    {
      name: `${score.name}: is one expression for all heads, and the same each time`,
      run: all((shape) => {
        expectThat(score.expression(shape).rank === "scalar", "expected a scalar");
        const again = makeScore();
        expectThat(
          again.name === score.name &&
            again.edge === score.edge &&
            Object.keys(again.parameters).join() === Object.keys(score.parameters).join(),
          "expected the same name, parameters and edge",
        );
      }),
    },
    {
      name: `${score.name}: has the gradients of finite differences`,
      run: all((shape) => {
        const made = bench(shape, createReferenceEngine());
        expectGradients(score.name, made.leaves, () => made.attend());
      }),
    },
    {
      name: `${score.name}: ${fused ? "is compiled" : "is computed"}, and gives on the wasm engine what it gives in float64, gradients too, twice with the same bits`,
      run: all((shape) => {
        const [exact, once, again] = [createReferenceEngine(), createWasmEngine(), createWasmEngine()].map((engine) => {
          const made = bench(shape, engine);
          const output = made.attend();
          backward(unevenSum(output));
          return [output, ...Object.values(made.leaves).map(({ grad }) => grad)].map((each) =>
            Array.from(each?.dataSync() ?? []),
          );
        });
        exact!.forEach((values, k) => {
          expectClose(`${score.name}, heads ${shape.heads}`, once![k]!, values, tolerance);
          expectSameBits(score.name, again![k]!, once![k]!);
        });
        if (!fused) return;
        const { path, reason } = explainPlan(score, {
          ...shape,
          valueChannels: shape.channels,
          engine: createWasmEngine(),
          neighborhood: neighborhoodOf(pairs),
        });
        expectThat(path !== "segments", `expected the compiler to take it: ${reason}`);
      }),
    },
    {
      name: `${score.name}: gives a receiver without senders zeros`,
      run: all((shape) => {
        const { heads, channels } = shape;
        const row = bench(shape, createReferenceEngine())
          .attend()
          .dataSync()
          .subarray(2 * heads * channels, 3 * heads * channels);
        expectThat(
          row.every((value) => value === 0),
          `got ${row.join(", ")}`,
        );
      }),
    },
    {
      name: `${score.name}: does not care in which order pairs, receivers and senders come`,
      run: all((shape) => {
        const made = bench(shape, createReferenceEngine());
        const expected = made.attend().dataSync();
        const random = new Random(seed);
        const [edgeOrder, receiverOrder, senderOrder] = [pairs.length, receivers, senders].map((count) =>
          random.shuffle(Array.from({ length: count }, (_, k) => k)),
        );
        const renumbered = edgeOrder!.map(
          (e) => [senderOrder!.indexOf(pairs[e]![0]), receiverOrder!.indexOf(pairs[e]![1])] as const,
        );
        const other = made.attend(renumbered, { edge: edgeOrder!, receivers: receiverOrder!, senders: senderOrder! });
        const width = shape.heads * shape.channels;
        const back = receiverOrder!.map((_, i) => receiverOrder!.indexOf(i));
        const got = back.flatMap((row) => Array.from(other.dataSync().subarray(row * width, (row + 1) * width)));
        expectClose(score.name, got, expected, 1e-10);
      }),
    },
    {
      name: `${score.name}: computes each head by itself`,
      run: all((shape) => {
        const [plain, changed] = [bench(shape, createReferenceEngine()), bench(shape, createReferenceEngine())];
        changed.changeLastHead();
        const [before, after] = [plain.attend().dataSync(), changed.attend().dataSync()];
        const { heads, channels } = shape;
        for (let k = 0; k < before.length; k++) {
          if (Math.floor(k / channels) % heads === heads - 1) continue;
          expectThat(Object.is(before[k], after[k]), "a head changed with what another one reads");
        }
      }),
    },
    {
      name: `${score.name}: is the same after its parameters were saved and loaded`,
      run: all((shape) => {
        const engine = createWasmEngine();
        const from = new ScoreParameters(score, shape, { random: new Random(seed), engine });
        const to = new ScoreParameters(score, shape, { random: new Random(seed + 1), engine });
        loadModuleState(to, readSafetensors(writeSafetensors({ tensors: stateOf(from) })).tensors);
        const made = bench(shape, engine);
        expectSameBits(
          score.name,
          made.attendWith(ScoreParameters.of(to)).dataSync(),
          made.attendWith(ScoreParameters.of(from)).dataSync(),
        );
      }),
    },
  ];
}

function stateOf(parameters: ScoreParameters): Map<string, WritableTensor> {
  return new Map(
    [...parameters.namedState()].map(([name, each]) => [
      name,
      { dtype: "F32", shape: each.shape, values: Float32Array.from(each.dataSync()) },
    ]),
  );
}

function neighborhoodOf(list: readonly (readonly [number, number])[]): SparseNeighborhood {
  return SparseNeighborhood.fromEdgeList({
    senders: Uint32Array.from(list, ([sender]) => sender),
    receivers: Uint32Array.from(list, ([, receiver]) => receiver),
    senderCount: senders,
    receiverCount: receivers,
  });
}

interface Orders {
  readonly edge: readonly number[];
  readonly receivers: readonly number[];
  readonly senders: readonly number[];
}

/** A score with tensors for it. */
class Bench {
  readonly #score: Score;
  readonly #engine: Engine;
  readonly #heads: number;
  readonly #inputs: Record<"query" | "key" | "value" | "edge", Tensor>;
  readonly #parameters: Readonly<Record<string, Tensor>>;

  constructor(score: Score, shape: HeadShape, engine: Engine, seed: number, edge: (random: Random) => number) {
    const random = new Random(seed);
    const { heads, channels } = shape;
    const drawn = (lengths: readonly number[], draw = () => random.uniform(-1.5, 1.5)): Tensor =>
      parameter(Float32Array.from({ length: sizeOf(lengths) }, draw), lengths, { engine });
    this.#score = score;
    this.#engine = engine;
    this.#heads = heads;
    this.#inputs = {
      query: drawn([receivers, heads, channels]),
      key: drawn([senders, heads, channels]),
      value: drawn([senders, heads, channels]),
      edge: drawn(score.edge === "scalar" ? [pairs.length, heads] : [pairs.length, heads, channels], () =>
        edge(random),
      ),
    };
    const made = ScoreParameters.of(new ScoreParameters(score, shape, { random, engine }));
    this.#parameters = Object.fromEntries(
      Object.entries(made).map(([name, { shape: lengths }]) => [name, drawn(lengths)]),
    );
  }

  get leaves(): Readonly<Record<string, Tensor>> {
    const { edge, ...nodes } = this.#inputs;
    return { ...this.#parameters, ...nodes, ...(this.#score.edge !== "none" && { edge }) };
  }

  attend(list: readonly (readonly [number, number])[] = pairs, orders?: Orders): Tensor {
    return this.attendWith(this.#parameters, list, orders);
  }

  attendWith(
    parameters: Readonly<Record<string, Tensor>>,
    list: readonly (readonly [number, number])[] = pairs,
    orders?: Orders,
  ): Tensor {
    const neighborhood = neighborhoodOf(list);
    const { query, key, value, edge } = this.#inputs;
    // An edge input follows the positions of the neighborhood.
    const ofPositions = Array.from(neighborhood.edgeOf, (e) => orders?.edge[e] ?? e);
    return attend(
      neighborhood,
      {
        query: this.#rows(query, orders?.receivers),
        key: this.#rows(key, orders?.senders),
        value: this.#rows(value, orders?.senders),
        ...(this.#score.edge !== "none" && {
          edge: orders === undefined && isIdentity(ofPositions) ? edge : this.#rows(edge, ofPositions),
        }),
      },
      { score: this.#score, parameters },
    );
  }

  /** Other numbers for the last head in everything that is read. */
  changeLastHead(): void {
    for (const each of [...Object.values(this.#parameters), ...Object.values(this.#inputs)]) {
      const axis = Object.values(this.#parameters).includes(each) ? 0 : 1;
      const inner = sizeOf(each.shape.slice(axis + 1));
      each.set(
        each
          .dataSync()
          .map((value, k) => (Math.floor(k / inner) % this.#heads === this.#heads - 1 ? value + 0.5 : value)),
      );
    }
  }

  #rows(x: Tensor, order: readonly number[] | undefined): Tensor {
    if (order === undefined) return x;
    const width = sizeOf(x.shape.slice(1));
    const values = x.dataSync();
    const picked = order.flatMap((row) => Array.from(values.subarray(row * width, (row + 1) * width)));
    return parameter(picked, [order.length, ...x.shape.slice(1)], { engine: this.#engine });
  }
}

function isIdentity(order: readonly number[]): boolean {
  return order.every((value, k) => value === k);
}
