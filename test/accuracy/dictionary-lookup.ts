import {
  adam,
  add,
  backward,
  clipGradients,
  crossEntropy,
  Embedding,
  Linear,
  Module,
  Random,
  relu,
  type SparseNeighborhood,
  scope,
  sequences,
  type Tensor,
  withoutGradient,
} from "@vicinal/core";
import { type AttentionConv, GATConv, GATv2Conv } from "@vicinal/graph";

/** Which attention layer looks up. */
export type LookupLayer = "gat" | "gatv2";

/** One layer of attention that looks values up. */
class LookupNetwork extends Module {
  readonly keys: Embedding;
  readonly values: Embedding;
  readonly attention: AttentionConv;
  readonly output: Linear;

  constructor(layer: LookupLayer, count: number, random: Random) {
    super();
    const width = 128;
    this.keys = new Embedding(count, width, { random });
    this.values = new Embedding(count, width, { random });
    const options = { random, heads: 1, addSelfLoops: false, bias: false };
    this.attention =
      layer === "gat"
        ? new GATConv(width, width, options)
        : new GATv2Conv(width, width, { ...options, shareWeights: true });
    this.output = new Linear(width, count, { random, bias: false });
  }

  forward(keys: Uint32Array, values: Uint32Array, queries: Uint32Array, neighborhood: SparseNeighborhood): Tensor {
    const senders = relu(add(this.keys.forward(keys), this.values.forward(values)));
    const receivers = relu(this.keys.forward(queries));
    return this.output.forward(relu(this.attention.forward([senders, receivers], neighborhood)));
  }
}

/** One batch of dictionaries, side by side. */
interface Dictionaries {
  /** Of the senders: in each dictionary every key once, with its value. */
  readonly keys: Uint32Array;
  readonly values: Uint32Array;
  /** Of the receivers: every key once. */
  readonly queries: Uint32Array;
  /** The value of each query. */
  readonly answers: Uint32Array;
}

function draw(count: number, batch: number, random: Random): Dictionaries {
  const keys = new Uint32Array(batch * count).map((_, k) => k % count);
  const values = new Uint32Array(batch * count);
  for (let b = 0; b < batch; b++) {
    values.set(random.shuffle(Uint32Array.from({ length: count }, (_, k) => k)), b * count);
  }
  // Key q of a dictionary stands at its place q, so that the answer to the query q is the value there.
  return { keys, values, queries: keys, answers: values };
}

/** How {@link dictionaryLookup} is run. */
export interface LookupOptions {
  /** Of keys, and of values. */
  readonly count: number;
  /** Dictionaries in a step. */
  readonly batch: number;
  readonly steps: number;
  readonly seed: number;
}

/** How a network that looks up does after so many steps. */
export interface LookupResult {
  readonly layer: LookupLayer;
  readonly steps: number;
  /** The share of queries that are answered rightly, over the last batches that it was trained on. */
  readonly accuracy: number;
}

/**
 * The dictionary look-up of Brody, Alon and Yahav (ICLR 2022, section 4.1 and figure 3): `count` keys with values, each of as many queries
 * attends to all of them and must answer the value of its key. One head can do it only if which sender matters most depends on who
 * asks.
 */
export function dictionaryLookup(layer: LookupLayer, { count, batch, steps, seed }: LookupOptions): LookupResult {
  const random = new Random(seed);
  const network = new LookupNetwork(layer, count, random);
  const lengths = new Uint32Array(batch).fill(count);
  const neighborhood = sequences(lengths, { senders: lengths }).sparse();
  const parameters = network.parameters();
  const optimizer = adam(parameters, { learningRate: 0.001 });
  const recent: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const { keys, values, queries, answers } = draw(count, batch, random);
    const accuracy = scope(() => {
      optimizer.zeroGradients();
      const logits = network.forward(keys, values, queries, neighborhood);
      backward(crossEntropy(logits, answers));
      clipGradients(parameters, { maximumNorm: 1 });
      optimizer.step();
      return withoutGradient(() => shareRight(logits.dataSync(), answers, count));
    });
    recent.push(accuracy);
    if (recent.length > 20) recent.shift();
  }
  return { layer, steps, accuracy: recent.reduce((a, b) => a + b, 0) / Math.max(1, recent.length) };
}

function shareRight(logits: ArrayLike<number>, answers: Uint32Array, classes: number): number {
  let right = 0;
  for (let row = 0; row < answers.length; row++) {
    let best = 0;
    for (let c = 1; c < classes; c++) if (logits[row * classes + c]! > logits[row * classes + best]!) best = c;
    if (best === answers[row]) right++;
  }
  return right / answers.length;
}
