import { join } from "node:path";
import { pythonProgram } from "../peers/python.ts";
import type { Entry } from "../run/contest.ts";
import type { PeerSetting, Piece } from "../run/peer-group.ts";
import { type DenseAttention, denseAttentionWork } from "./dense-attention-work.ts";

/** The sequence that dense attention is measured on: as long as a page or two of text. */
export const denseSequence: DenseAttention = { neighborhood: "complete", elements: 2048, heads: 8, channels: 64 };

/** Our own program. */
const vicinalDenseAttention: Entry = {
  name: "Vicinal",
  command: process.execPath,
  before: [join(import.meta.dirname, "vicinal-dense-attention.js")],
};

/** Dense self-attention, forward and backward, beside those that compute it too. */
export async function denseAttentionPieces({ wants, python }: PeerSetting): Promise<readonly Piece[]> {
  const entries = [vicinalDenseAttention];
  if (wants("tfjs")) {
    const tfjs = {
      peer: "tfjs-wasm",
      command: process.execPath,
      before: [join(import.meta.dirname, "../peers/tfjs-dense-attention.js")],
    };
    entries.push({ ...tfjs, name: "tfjs-wasm, tf.grads" });
    entries.push({ ...tfjs, name: "tfjs-wasm, by hand", after: ["--by-hand"] });
  }
  if (wants("pyg")) {
    const torch = { peer: "PyTorch", command: await python(), before: [pythonProgram("torch_dense_attention.py")] };
    entries.push({ ...torch, name: "PyTorch" });
  }
  const floors = [{ against: "tfjs-wasm", of: "time", atLeast: 3 }] as const;
  return [{ work: denseAttentionWork(denseSequence), entries, floors, warmUp: 1 }];
}
