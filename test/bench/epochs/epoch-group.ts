import { join } from "node:path";
import { load } from "@vicinal/datasets";
import { pythonProgram } from "../peers/python.ts";
import type { Entry } from "../run/contest.ts";
import type { Floor } from "../run/floors.ts";
import type { PeerGroup, PeerSetting, Piece } from "../run/peer-group.ts";
import { gatEpoch, vicinalGat } from "./gat-epoch.ts";
import { loadOrSkip } from "./load-or-skip.ts";

/** Training of the GAT paper's network on whole graphs. */
export const epochGroup: PeerGroup = {
  name: "epochs",
  description:
    "A training epoch of the GAT paper's network, on cora and on github-social, beside PyTorch Geometric in all the forms that could be its best, and on cora beside tfjs-wasm and jax-js.",
  pieces: async (setting) => {
    const data = await loadOrSkip(async () => ({ cora: await load("cora"), github: await load("github-social") }));
    if ("skipped" in data) return data;
    const floor = (against: string, atLeast: number): Floor => ({ against, of: "time", atLeast });
    const cora: Piece = {
      work: gatEpoch(data.cora),
      entries: [vicinalGat, ...(await pygEntries(setting, ["dense", "csr", "bag"])), ...entriesInJavaScript(setting)],
      floors: [floor("PyTorch Geometric", 3), floor("tfjs-wasm", 20)],
      warmUp: 10,
    };
    const github: Piece = {
      work: gatEpoch(data.github),
      // Dense it would be 0.6 GB, of which every epoch would read and drop all.
      entries: [vicinalGat, ...(await pygEntries(setting, ["csr", "bag"]))],
      floors: [floor("PyTorch Geometric", 6)],
      warmUp: 5,
    };
    return [cora, github];
  },
};

/** How the features are multiplied by the first weights, most of them being zero. */
type FeatureForm = "dense" | "csr" | "bag";

const formNames: Readonly<Record<FeatureForm, string>> = {
  dense: "dense features",
  csr: "sparse features",
  bag: "features as bags",
};

async function pygEntries(setting: PeerSetting, forms: readonly FeatureForm[]): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  const peer = "PyTorch Geometric";
  for (const [wanted, compiled] of [["pyg", false] as const, ["pyg-compiled", true] as const]) {
    if (!setting.wants(wanted)) continue;
    const command = await setting.python();
    for (const form of forms) {
      entries.push({
        ...{ name: `${peer}, ${formNames[form]}${compiled ? ", compiled" : ""}`, peer, command },
        before: [pythonProgram("pyg_gat.py")],
        after: [form, ...(compiled ? ["--compile"] : [])],
      });
    }
  }
  return entries;
}

/** The features dense and sparse for one, dense for the other, which has no sparse product. */
function entriesInJavaScript({ wants }: PeerSetting): readonly Entry[] {
  const program = (peer: string, said: string, path: string, ...after: readonly string[]): Entry => ({
    ...{ name: `${peer}${said}`, peer, command: process.execPath },
    before: [join(import.meta.dirname, "../peers", path)],
    after,
  });
  const entries: Entry[] = [];
  if (wants("tfjs")) {
    entries.push(program("tfjs-wasm", ", plain", "tfjs-gat.js", "plain"));
    entries.push(program("tfjs-wasm", ", dense features", "tfjs-gat.js", "dense"));
    entries.push(program("tfjs-wasm", ", sparse features", "tfjs-gat.js", "sparse"));
  }
  if (wants("jax-js")) entries.push(program("jax-js", "", "jax-gat.js"));
  return entries;
}
