import {
  adam,
  createWasmEngine,
  type DenseMatrix,
  Linear,
  Module,
  Random,
  relu,
  scope,
  sigmoidNormalizer,
  type TargetDecoderChoice,
  type Tensor,
} from "@vicinal/core";
import { describe, expect, it } from "vitest";
import { GraphCollection } from "../../batch/graph-collection.ts";
import type { EdgeListParts } from "../../batch/graph-parts.ts";
import { GINConv } from "../../layers/gin.ts";
import { GraphToSequenceTask } from "../../tasks/graph-to-sequence-task.ts";
import { graphInputs } from "../../tasks/graphs/graph-inputs.ts";
import { fit } from "../../train/fit.ts";
import type { GraphInputs } from "../graph-model.ts";
import type { GraphEncoder } from "./graph-encoder.ts";
import { GraphToSequence } from "./graph-to-sequence.ts";

const engine = createWasmEngine();
const [begin, end] = [0, 1];

/** A graph, and what is to be written about it. */
interface Example {
  readonly parts: EdgeListParts;
  readonly target: readonly number[];
}

type Pair = readonly [one: number, other: number];

/** Nodes with features that are 0 or 1, and edges in both directions. */
function partsOf(marks: readonly (readonly number[])[], width: number, pairs: readonly Pair[]): EdgeListParts {
  const features: DenseMatrix = {
    kind: "dense",
    rows: marks.length,
    columns: width,
    values: Float32Array.from(marks.flatMap((ones) => Array.from({ length: width }, (_, k) => +ones.includes(k)))),
  };
  const edges = {
    sources: Uint32Array.from(pairs.flat()),
    targets: Uint32Array.from(pairs.flatMap(([one, other]) => [other, one])),
  };
  return { nodes: marks.length, edges, features };
}

/** Trains on examples, and writes about others. */
async function learn(
  model: GraphToSequence,
  examples: readonly Example[],
  heldOut: readonly Example[],
  { epochs, learningRate }: { readonly epochs: number; readonly learningRate: number },
) {
  const collection = new GraphCollection(examples.map(({ parts }) => parts));
  const task = new GraphToSequenceTask(model, { collection, targets: examples.map(({ target }) => target) });
  const optimizer = adam(model.parameters(), { learningRate });
  // Falls to zero over the second half.
  const schedule = (epoch: number): number => learningRate * Math.min(1, 2 - (2 * (epoch - 1)) / epochs);
  await fit(model, task, { optimizer, epochs, schedule });
  const batch = new GraphCollection(heldOut.map(({ parts }) => parts)).batch();
  return scope(() => model.write(graphInputs(batch, engine), { maximumLength: 10, beam: 2, attention: true }));
}

const shareOf = (marks: readonly boolean[]): number => marks.filter((mark) => mark).length / marks.length;

describe("graph to sequence learns to walk along a path from its marked end, and to write the colours on its way", () => {
  const colours = 4;

  interface Walk extends Example {
    /** The nodes in the order of the walk. */
    readonly order: readonly number[];
  }

  function walk(random: Random): Walk {
    const order = Array.from({ length: 2 + random.integer(4) }, (_, k) => k);
    random.shuffle(order);
    const colourOf = order.map(() => random.integer(colours));
    const marks = order.map((_, node) => (node === order[0] ? [colourOf[node]!, colours] : [colourOf[node]!]));
    const pairs = order.slice(1).map((node, k): Pair => [order[k]!, node]);
    return { parts: partsOf(marks, colours + 1, pairs), target: order.map((node) => 2 + colourOf[node]!), order };
  }

  const encoder = { kind: "gatv2", inputs: colours + 1, layers: 4, hidden: 32, heads: 4 } as const;
  /** The least share of steps in which the node whose colour is written is the most attended one: it would be 0.3 by chance. */
  const decoders: readonly (readonly [name: string, choice: TargetDecoderChoice, pointed: number])[] = [
    ["Bahdanau's", { kind: "bahdanau", hidden: 32 }, 0.95],
    // A mean over heads, not all of which need to look there.
    ["a transformer's", { kind: "transformer", layers: 1, heads: 2, hidden: 64 }, 0.7],
  ];
  for (const [name, decoder, pointed] of decoders) {
    it(`by ${name} decoder`, async () => {
      const random = new Random(1);
      const heldOut = Array.from({ length: 200 }, () => walk(random)).filter(({ order }) => order.length > 3);
      const taken = new Set(heldOut.map(({ target }) => String(target)));
      const examples = Array.from({ length: 900 }, () => walk(random)).filter(
        ({ target }) => !taken.has(String(target)),
      );
      const tokens = { targetTokens: 2 + colours, begin, end };
      const model = new GraphToSequence({ ...tokens, encoder, decoder, width: 16, random, engine });
      const answers = await learn(model, examples, heldOut, { epochs: 10, learningRate: 0.005 });
      const isExact = answers.map(({ tokens }, g) => String(tokens) === String(heldOut[g]!.target));
      expect(shareOf(isExact)).toBeGreaterThan(0.95);
      const isPointed = answers.flatMap(({ attention }, g) =>
        attention!.to2DArray().map((row, t) => row.indexOf(Math.max(...row)) === heldOut[g]!.order[t]),
      );
      expect(shareOf(isPointed)).toBeGreaterThan(pointed);
    });
  }
});

/** The sum over neighbors, twice: a mean would not tell how many there are. */
class Isomorphism extends Module implements GraphEncoder {
  readonly outputs = 32;
  readonly first: GINConv;
  readonly second: Linear;

  constructor(inputs: number, random: Random) {
    super();
    this.first = new GINConv(new Linear(inputs, 32, { random, engine }), { engine });
    this.second = new Linear(32, this.outputs, { random, engine });
  }

  forward({ x, neighborhood }: GraphInputs): Tensor {
    return relu(this.second.forward(relu(this.first.forward(x, neighborhood))));
  }
}

describe("graph to sequence learns formulae", () => {
  /** Colours as elements: at most so many neighbors each, hydrogens where neighbors are missing. */
  const valences = [4, 3, 2];
  /** Carbon, hydrogen, nitrogen and oxygen, each followed by its count if that is more than 1. */
  const firstCount = 2 + 4;

  interface Molecule extends Example {
    /** The counts of colours: what is known without looking at edges. */
    readonly composition: string;
  }

  function molecule(random: Random): Molecule {
    const elements: number[] = [];
    const free: number[] = [];
    const pairs: Pair[] = [];
    const join = (one: number, other: number): void => {
      pairs.push([one, other]);
      free[one]!--;
      free[other]!--;
    };
    const open = (): number[] => [...free.keys()].filter((atom) => free[atom]! > 0);
    const pick = <Item>(items: readonly Item[]): Item => items[random.integer(items.length)]!;
    for (let atom = 0, atoms = 1 + random.integer(6); atom < atoms; atom++) {
      const neighbors = open();
      if (atom > 0 && neighbors.length === 0) break;
      elements.push(random.integer(3));
      free.push(valences[elements[atom]!]!);
      if (atom > 0) join(pick(neighbors), atom);
    }
    // Rings, each of which costs two hydrogens.
    for (let rings = random.integer(4); rings > 0; rings--) {
      const apart = open()
        .flatMap((one) => open().map((other): Pair => [one, other]))
        .filter(([one, other]) => one < other && !pairs.some((pair) => pair.includes(one) && pair.includes(other)));
      if (apart.length > 0) join(...pick(apart));
    }
    const [carbon, nitrogen, oxygen] = [0, 1, 2].map((kind) => elements.filter((element) => element === kind).length);
    const hydrogen = free.reduce((total, count) => total + count, 0);
    const target = [carbon!, hydrogen, nitrogen!, oxygen!].flatMap((count, k) =>
      count === 0 ? [] : count === 1 ? [2 + k] : [2 + k, firstCount + count],
    );
    const marks = elements.map((element) => [element]);
    return { parts: partsOf(marks, 3, pairs), target, composition: String([carbon, nitrogen, oxygen]) };
  }

  it("far better than who guesses the most frequent one of the colours that there are", async () => {
    const random = new Random(2);
    const [examples, heldOut] = [2000, 300].map((count) => Array.from({ length: count }, () => molecule(random)));
    const model = new GraphToSequence({
      encoder: new Isomorphism(3, random),
      decoder: { kind: "transformer", layers: 1, heads: 4, hidden: 128, normalizer: sigmoidNormalizer() },
      targetTokens: firstCount + 20,
      begin,
      end,
      width: 32,
      random,
      engine,
    });
    const answers = await learn(model, examples!, heldOut!, { epochs: 14, learningRate: 0.005 });
    const isExact = answers.map(({ tokens }, g) => String(tokens) === String(heldOut![g]!.target));
    const guesses = heldOut!.map(({ composition, target }) => {
      const counts = new Map<string, number>();
      for (const known of examples!) {
        if (known.composition !== composition) continue;
        counts.set(String(known.target), (counts.get(String(known.target)) ?? 0) + 1);
      }
      const [best] = [...counts].sort(([, a], [, b]) => b - a);
      return best?.[0] === String(target);
    });
    expect(shareOf(isExact)).toBeGreaterThan(0.9);
    expect(shareOf(guesses)).toBeLessThan(0.6);
  });
});
