import { load, loadMolecules } from "@vicinal/datasets";
import { gatEpoch, vicinalGat } from "../epochs/gat-epoch.ts";
import { loadOrSkip } from "../epochs/load-or-skip.ts";
import { attentiveFPEpochs, vicinalAttentiveFP } from "../epochs/molecule-group.ts";
import { contest } from "../run/contest.ts";
import type { BenchGroup, Row } from "./bench-group.ts";

const warmUp = 5;

/** Our own epochs, as `bench:peers` compares them. */
export const ownEpochGroup: BenchGroup = {
  name: "epochs",
  description:
    "Training epochs of the GAT paper's network on cora and github-social, and of AttentiveFP on lipophilicity.",
  measure: async (setting) => {
    const data = await loadOrSkip(async () => ({
      graphs: [await load("cora"), await load("github-social")],
      molecules: await loadMolecules("lipophilicity"),
    }));
    if ("skipped" in data) return data;
    const molecules = attentiveFPEpochs(data.molecules);
    if ("skipped" in molecules) return molecules;
    const works = [
      ...data.graphs.map((dataset) => ({ work: gatEpoch(dataset), entry: vicinalGat })),
      ...molecules.map((work) => ({ work, entry: vicinalAttentiveFP })),
    ].filter(({ work }) => setting.wants(`epochs ${work.name}`));
    const rows: Row[] = [];
    for (const { work, entry } of works) {
      for (const threads of setting.threads) {
        setting.onWork(work.name);
        const found = await contest(work, [entry], { threads, rounds: setting.rounds, warmUp });
        for (const { total, peakBytes } of found.rows) {
          rows.push({ work: work.name, threads, ms: total, "peak MiB": (peakBytes ?? Number.NaN) / 2 ** 20 });
        }
      }
    }
    return { rows, bounds: [] };
  },
};
