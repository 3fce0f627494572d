import { parameter, Random, type Tensor, tensor } from "@vicinal/core";
import { referenceEngine } from "@vicinal/core/reference";
import { checkGradients, unevenSum } from "@vicinal/core/testing";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { LinkDecoder, type LinkDecoderName } from "./link-decoder.ts";

const nodes = 5;
const dimensions = 3;
const engine = referenceEngine();
const random = new Random(4);
const draw = (shape: readonly number[]): Tensor =>
  tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
    shape,
    { engine },
  );

function decoderOf(decoder: LinkDecoderName, directed: boolean): LinkDecoder {
  const made = new LinkDecoder({ random, engine, nodes, dimensions, directed, decoder });
  // Popularity starts as zeros, where it could be forgotten unnoticed.
  made.popularity.set(Array.from({ length: made.popularity.size }, () => random.normal()));
  return made;
}

/** The formula, on ml-matrix. */
function logit(decoder: LinkDecoder, embeddings: Matrix, i: number, j: number): number {
  const role = (node: number, by: { weight: Tensor } | undefined): number[] => {
    const row = embeddings.getRowVector(node);
    return (by === undefined ? row : row.mmul(by.weight.toMatrix().transpose())).to1DArray();
  };
  const products = role(i, decoder.source).map((s, d) => s * role(j, decoder.target)[d]!);
  const popularity = decoder.popularity.toMatrix();
  const own = popularity.get(i, 0) + popularity.get(j, decoder.target === undefined ? 0 : 1);
  const parameters = decoder.namedParameters();
  const expand = parameters.get("score.expand.weight");
  if (expand === undefined) return products.reduce((sum, product) => sum + product, 0) + own;
  const column = (name: string): Matrix => Matrix.columnVector([...(parameters.get(name)?.dataSync() ?? [])]);
  const hidden = expand.toMatrix().mmul(Matrix.columnVector(products)).add(column("score.expand.bias"));
  const active = Matrix.columnVector(hidden.to1DArray().map((h) => Math.max(0, h)));
  return column("score.contract.weight").dot(active) + column("score.contract.bias").get(0, 0) + own;
}

const kinds = [
  ["dot", false],
  ["dot", true],
  ["network", false],
  ["network", true],
] as const;

describe("LinkDecoder", () => {
  it.each(kinds)("is its formula, for pairs and for all pairs: %s, directed %s", (name, directed) => {
    const decoder = decoderOf(name, directed);
    const embeddings = draw([nodes, dimensions]);
    const expected = (i: number, j: number): number => logit(decoder, embeddings.toMatrix(), i, j);
    const [sources, targets] = [Uint32Array.of(0, 3, 3, 4), Uint32Array.of(1, 0, 2, 0)];
    const ofPairs = decoder.ofPairs(embeddings, sources, targets);
    expect(ofPairs.shape).toEqual([4, 1]);
    for (const [k, value] of ofPairs.dataSync().entries()) {
      expect(value).toBeCloseTo(expected(sources[k]!, targets[k]!), 12);
    }
    const ofRange = decoder.ofRange(embeddings, 1, 4);
    expect(ofRange.shape).toEqual([3, nodes]);
    for (const [k, value] of ofRange.dataSync().entries()) {
      expect(value).toBeCloseTo(expected(1 + Math.floor(k / nodes), k % nodes), 12);
    }
  });

  it.each(kinds)("tells the direction of a link only if links have one: %s, directed %s", (name, directed) => {
    const scores = decoderOf(name, directed).ofPairs(
      draw([nodes, dimensions]),
      Uint32Array.of(1, 2),
      Uint32Array.of(2, 1),
    );
    const [there, back] = scores.dataSync();
    if (directed) expect(Math.abs(there! - back!)).toBeGreaterThan(1e-6);
    else expect(there).toBeCloseTo(back!, 12);
  });

  it.each(kinds)("has the gradients of finite differences: %s, directed %s", (name, directed) => {
    const decoder = decoderOf(name, directed);
    const embeddings = parameter(draw([nodes, dimensions]).dataSync(), [nodes, dimensions], { engine });
    const logits = (): Tensor => decoder.ofPairs(embeddings, Uint32Array.of(0, 1, 4, 0), Uint32Array.of(2, 0, 3, 1));
    const leaves = { embeddings, ...Object.fromEntries(decoder.namedParameters()) };
    for (const [leaf, { relativeError }] of Object.entries(checkGradients(() => unevenSum(logits()), leaves, 1e-5))) {
      expect(relativeError, leaf).toBeLessThan(1e-6);
    }
  });
});
