import { join } from "node:path";
import type { Entry } from "../run/contest.ts";
import type { PeerSetting, Piece } from "../run/peer-group.ts";
import { productsOfLayer, productWork } from "./product-work.ts";

/** The first layer of the GAT paper's network on Cora: 2,708 nodes, 1,433 words, 8 heads x 8. */
const coraLayer = { elements: 2708, inputs: 1433, outputs: 64 } as const;

function program(name: string, path: string, peer = name): Entry {
  return { name, peer, command: process.execPath, before: [join(import.meta.dirname, path)] };
}

/** Our own program. */
const vicinalProduct: Entry = program("Vicinal", "vicinal-product.js");

/** What the machine can do at most. */
const simdPeak: Entry = program("128-bit SIMD peak, registers only", "peak.js", "peak");

/** The programs that compute a product, ours first. */
function productEntries(wants: PeerSetting["wants"]): readonly Entry[] {
  const entries = [vicinalProduct, simdPeak];
  if (wants("tfjs")) entries.push(program("tfjs-wasm", "../peers/tfjs-product.js"));
  if (wants("jax-js")) entries.push(program("jax-js", "../peers/jax-product.js"));
  return entries;
}

/** Floors of the issue are those of the product itself; the gradients' products are held to the same. */
const floors = [
  { against: "tfjs-wasm", of: "time", atLeast: 1.3 },
  { against: "peak", of: "time", atLeast: 0.85 },
] as const;

/** Dense products, as a layer and its gradients need them. */
export function productPieces({ wants }: PeerSetting): readonly Piece[] {
  const { elements, inputs, outputs } = coraLayer;
  return productsOfLayer(elements, inputs, outputs).map((product) => ({
    work: productWork(product),
    entries: productEntries(wants),
    floors,
  }));
}
