import type { Engine, Random } from "@vicinal/core";
import { expectClose } from "@vicinal/core/testing";
import type { GraphLayer } from "../layers/graph-layer.ts";
import { contextOf, type Edge, type LayerReads, neighborhoodOf, numbers, reordered, rowsOf } from "./layer-bench.ts";

/** @throws Error unless a layer gives the same rows for a graph that is drawn, and for the same graph with nodes and edges in another order. */
export function checkEquivariance(
  layer: GraphLayer,
  engine: Engine,
  inputs: number,
  reads: Readonly<Record<string, LayerReads>>,
  random: Random,
): void {
  const nodes = 1 + random.integer(7);
  const list = Array.from({ length: random.integer(16) }, (): Edge => [random.integer(nodes), random.integer(nodes)]);
  const x = numbers([nodes, inputs], random.bits(), engine);
  const context = contextOf(reads, nodes, list.length, engine);
  const output = layer.forward(x, neighborhoodOf(list, nodes), context);
  const newNumber = random.shuffle(Array.from({ length: nodes }, (_, i) => i));
  const edgeOrder = random.shuffle(Array.from(list.keys()));
  const oldNumber = newNumber.map((_, i) => newNumber.indexOf(i));
  const renumbered = edgeOrder.map((e): Edge => [newNumber[list[e]![0]]!, newNumber[list[e]![1]]!]);
  const result = layer.forward(
    rowsOf(x, oldNumber),
    neighborhoodOf(renumbered, nodes),
    reordered(reads, context, oldNumber, edgeOrder),
  );
  expectClose("rows in another order", result.dataSync(), rowsOf(output, oldNumber).dataSync(), 1e-10);
}
