import type { PublishedFile } from "../catalog/entry.ts";
import type { DatasetSource, PublishedResult } from "../dataset.ts";
import type { MoleculeDataset } from "./molecule-dataset.ts";
import type { MoleculeColumns } from "./read-molecule-table.ts";

/** A set of molecules as its publisher offers it. */
export interface MoleculeEntry {
  readonly title: string;
  readonly metric: MoleculeDataset["metric"];
  readonly columns: MoleculeColumns;
  readonly source: DatasetSource & { readonly commit: string };
  readonly citation: readonly string[];
  readonly published: readonly PublishedResult[];
  readonly file: PublishedFile;
}

const wu = "Wu et al., MoleculeNet: A Benchmark for Molecular Machine Learning, Chemical Science 9, 2018";
const xiong = "Xiong et al., Attentive FP, J. Med. Chem. 63, 2020";

/** Of a figure that the sets of molecules are compared with. */
function figure(model: string, value: number, source: string): PublishedResult {
  return { model, value, std: undefined, protocol: "random split", source };
}

/** The sets of molecules that `loadMolecules` knows. */
export type MoleculeDatasetName = "clintox" | "esol" | "freesolv" | "lipophilicity";

/** The names of the sets of molecules that `loadMolecules` knows. */
export const moleculeDatasetNames: readonly MoleculeDatasetName[] = ["clintox", "esol", "freesolv", "lipophilicity"];

/** By name; undefined for one whose file, at a fixed commit, has no checksum that is known here. */
export const moleculeCatalog: Readonly<Record<MoleculeDatasetName, MoleculeEntry | undefined>> = {
  clintox: {
    title: "ClinTox: approved drugs and drugs that failed for toxicity",
    metric: "roc-auc",
    columns: { task: "multi-task", smiles: "smiles", targets: ["FDA_APPROVED", "CT_TOX"] },
    source: {
      repository: "https://github.com/GLambard/Molecules_Dataset_Collection",
      commit: "beb35cd0b76db5adef6cb1fa55807e4cd309aaed",
      licence: "MIT",
    },
    citation: [wu, "Gayvert, Madhukar, Elemento, Cell Chemical Biology 23, 2016"],
    published: [figure("Weave", 0.832, `${wu}, table 3`)],
    file: {
      path: "originals/clintox.csv",
      bytes: 95511,
      sha256: "0bd655529cebe6d94addd48b8afdab6fa0438b4503a470866231793f235d7e61",
    },
  },
  esol: {
    title: "ESOL: measured water solubility, log mol/l",
    metric: "rmse",
    columns: { task: "regression", smiles: "smiles", targets: ["measured log solubility in mols per litre"] },
    source: {
      repository: "https://github.com/deepchem/deepchem",
      commit: "fbe3b911a94a6eb8c84c1a9e7ac67a472c49ea80",
      licence: "MIT",
    },
    citation: [
      wu,
      "Delaney, ESOL: Estimating Aqueous Solubility Directly from Molecular Structure, J. Chem. Inf. Comput. Sci. 44, 2004",
    ],
    published: [
      figure("XGBoost", 0.99, `${wu}, table 3`),
      figure("MPNN", 0.58, `${wu}, table 3`),
      figure("Attentive FP", 0.503, xiong),
    ],
    file: {
      path: "datasets/delaney-processed.csv",
      bytes: 96699,
      sha256: "8c06a76f0c6487d29ab0f903e6a7a7139f189ab3c1178f159c8be8964602f189",
    },
  },
  freesolv: undefined,
  lipophilicity: {
    title: "Lipophilicity: measured octanol/water logD at pH 7.4",
    metric: "rmse",
    columns: { task: "regression", smiles: "smiles", targets: ["exp"] },
    source: {
      repository: "https://github.com/GLambard/Molecules_Dataset_Collection",
      commit: "beb35cd0b76db5adef6cb1fa55807e4cd309aaed",
      licence: "MIT",
    },
    citation: [wu, "AstraZeneca deposition in ChEMBL, document CHEMBL3301361"],
    published: [
      figure("XGBoost", 0.799, `${wu}, table 3`),
      figure("graph convolution", 0.655, `${wu}, table 3`),
      figure("Attentive FP", 0.578, xiong),
    ],
    file: {
      path: "originals/Lipophilicity.csv",
      bytes: 282606,
      sha256: "aed41590cb30609d51d8e08ad3ff06495a76e80e211358801f596b10da69bacd",
    },
  },
};
