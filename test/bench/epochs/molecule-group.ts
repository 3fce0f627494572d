import { join } from "node:path";
import { loadMolecules, type MoleculeDataset } from "@vicinal/datasets";
import { moleculeCollection } from "@vicinal/molecules";
import { pythonProgram } from "../peers/python.ts";
import type { Entry, Work } from "../run/contest.ts";
import type { PeerGroup, PeerSetting } from "../run/peer-group.ts";
import { type AttentiveFPProblem, attentiveFPAnswers, drawAttentiveFP, writeAttentiveFP } from "./attentive-fp-work.ts";
import { loadOrSkip } from "./load-or-skip.ts";

/** What `trainGraphPredictor` chooses for lipophilicity, and what PyTorch Geometric's example for it does. */
const sizes = [
  { hidden: 64, batchSize: 64 },
  { hidden: 200, batchSize: 200 },
] as const;

const network = { layers: 2, steps: 2, dropout: 0.2, learningRate: 2e-3, weightDecay: 1e-5 } as const;

/** Answers that are further apart are not of the same network. */
const tolerance = 1e-3;

/** Our own program. */
export const vicinalAttentiveFP: Entry = {
  name: "Vicinal",
  command: process.execPath,
  before: [join(import.meta.dirname, "vicinal-attentive-fp.js")],
};

/** Training of AttentiveFP on molecules. */
export const moleculeGroup: PeerGroup = {
  name: "molecules",
  description:
    "A training epoch of AttentiveFP on lipophilicity, batches drawn anew, beside PyTorch Geometric's AttentiveFP with and without its data loader.",
  pieces: async (setting) => {
    const dataset = await loadOrSkip(() => loadMolecules("lipophilicity"));
    if ("skipped" in dataset) return dataset;
    const works = attentiveFPEpochs(dataset);
    if ("skipped" in works) return works;
    const entries = [vicinalAttentiveFP, ...(await pygEntries(setting))];
    return works.map((work) => ({
      work,
      entries,
      floors: [{ against: "PyTorch Geometric", of: "time", atLeast: 3 }],
      warmUp: 3,
    }));
  },
};

/** An epoch of AttentiveFP on the training part of the first split, in two sizes. */
export function attentiveFPEpochs(dataset: MoleculeDataset): readonly Work[] | { readonly skipped: string } {
  const [split] = dataset.splits;
  if (split === undefined) return { skipped: `${dataset.name} was found without splits, which VICINAL_DATA has.` };
  const { collection } = moleculeCollection([...split.train].map((row) => dataset.smiles[row]!));
  const { neighborhood, nodeStarts, features, edgeFeatures } = collection.batch();
  if (features?.kind !== "dense" || edgeFeatures === undefined) {
    throw new Error(
      `${dataset.name}: got ${features?.kind ?? "no"} features of atoms; expected dense ones, and of bonds.`,
    );
  }
  const shared = {
    atoms: Float32Array.from(features.values),
    bonds: Float32Array.from(edgeFeatures.values),
    targets: standardized(Array.from(split.train, (row) => dataset.targets[row]!)),
    atomStarts: nodeStarts,
    offsets: neighborhood.offsets,
    senders: neighborhood.senderOf,
  };
  return sizes.map((size): Work => {
    const work = { ...size, ...network, atomWidth: features.columns, bondWidth: edgeFeatures.columns };
    const problem: AttentiveFPProblem = { ...shared, work, parameters: drawAttentiveFP(work, 1) };
    return {
      name: `AttentiveFP epoch, ${dataset.name}, hidden ${work.hidden}, batches of ${work.batchSize}`,
      parts: ["epoch"],
      arguments: [],
      answers: attentiveFPAnswers(work),
      tolerance,
      writeInputs: (folder) => writeAttentiveFP(folder, problem),
    };
  });
}

function standardized(values: readonly number[]): Float32Array {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length);
  return Float32Array.from(values, (value) => (value - mean) / deviation);
}

async function pygEntries(setting: PeerSetting): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  const peer = "PyTorch Geometric";
  for (const [wanted, compiled] of [["pyg", false] as const, ["pyg-compiled", true] as const]) {
    if (!setting.wants(wanted)) continue;
    const command = await setting.python();
    for (const [form, said] of [["loader", ""] as const, ["batched", ", the same batches each time"] as const]) {
      entries.push({
        ...{ name: `${peer}${said}${compiled ? ", compiled" : ""}`, peer, command },
        before: [pythonProgram("pyg_attentive_fp.py")],
        after: [form, ...(compiled ? ["--compile"] : [])],
      });
    }
  }
  return entries;
}
