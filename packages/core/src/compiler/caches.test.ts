import { describe, expect, it } from "vitest";
import { attend } from "../attention/attend.ts";
import { SparseNeighborhood } from "../attention/neighborhood/sparse.ts";
import { additive } from "../attention/score/additive.ts";
import { lateAdditive } from "../attention/score/late-additive.ts";
import { scaledDot } from "../attention/score/scaled-dot.ts";
import type { Score } from "../attention/score/score.ts";
import { createWasmEngine } from "../engine/wasm/wasm-engine.ts";
import { Random } from "../random.ts";
import { backward } from "../tensor/backward.ts";
import { parameter } from "../tensor/create.ts";
import { multiply } from "../tensor/elementwise.ts";
import { scope } from "../tensor/scope.ts";
import { sum } from "../tensor/sum.ts";
import { CACHE_BYTES } from "./caches.ts";

const NODES = 60;
const EDGES = 4000;
const engine = createWasmEngine();

/** What attention makes of a random graph's first nodes, which alone have edges, among `nodes` of them, and its gradients. */
function results(score: Score, heads: number, channels: number, nodes: number): (Float32Array | Float64Array)[] {
  const random = new Random(7);
  const width = heads * channels;
  const index = () => Uint32Array.from({ length: EDGES }, () => random.integer(NODES));
  const neighborhood = SparseNeighborhood.fromEdgeList({
    senders: index(),
    receivers: index(),
    senderCount: nodes,
    receiverCount: nodes,
  });
  const leaf = (rows: number) => {
    const values = new Float32Array(rows * width);
    for (let k = 0; k < Math.min(rows, NODES) * width; k++) values[k] = random.uniform(-1, 1);
    return parameter(values, rows === 1 ? [heads, channels] : [nodes, heads, channels], { engine });
  };
  const [query, key] = [leaf(nodes), leaf(nodes)];
  const parameters = Object.fromEntries(Object.keys(score.parameters).map((name) => [name, leaf(1)]));
  const output = scope(() => {
    const out = attend(neighborhood, { query, key, value: key }, { score, parameters, dropout: 0.3, seed: 5 });
    backward(sum(multiply(out, out)));
    return out.dataSync();
  });
  const gradients = [query, key, ...Object.values(parameters)].map(({ grad }) => grad!.dataSync());
  return [output, ...gradients].map((values) => values.slice(0, NODES * width));
}

describe("nodes of which there are more than a cache holds have the same answers and gradients, bit for bit, as few", () => {
  it.each([
    { heads: 8, channels: 8 },
    { heads: 3, channels: 19 },
    { heads: 8, channels: 16 },
    // Too wide to be touched.
    { heads: 4, channels: 64 },
  ])("$heads heads x $channels", ({ heads, channels }) => {
    const many = Math.ceil(CACHE_BYTES / (heads * channels * 4)) + 1;
    for (const score of [additive(), lateAdditive(), scaledDot()]) {
      expect(results(score, heads, channels, many), score.name).toEqual(results(score, heads, channels, NODES));
    }
  });
});
