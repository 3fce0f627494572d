import type { DatasetSource, PublishedResult, Split } from "../dataset.ts";

/** Molecules of which something was measured: a table with a column of SMILES, as published. */
export interface MoleculeDataset {
  /** A short name in kebab-case, such as `"esol"`. */
  readonly name: string;
  /** A name for readers. */
  readonly title: string;
  /** What is to be predicted: numbers, or the answers yes and no to one question or several. */
  readonly task: "regression" | "multi-task";
  /** What is measured: the root of the mean squared error in the unit of the target, or the area under the ROC curve. */
  readonly metric: "rmse" | "roc-auc";
  /** Names of the columns of the file. */
  readonly columns: readonly string[];
  /** `[rows][columns]`: the fields of the file as text. Rows are numbered from 0, without the header. */
  readonly rows: readonly (readonly string[])[];
  /** `[rows]`, as written in the file, without spaces around them. Not all of them can be read as molecules. */
  readonly smiles: readonly string[];
  /** Names of the columns that are to be predicted. */
  readonly targetNames: readonly string[];
  /** `[rows * targets]`, row after row; NaN where nothing was measured. For questions, 1 is yes and 0 is no. */
  readonly targets: Float64Array;
  /** Row numbers: random splits of the collection. None for a file that was downloaded. */
  readonly splits: readonly Split[];
  /** Row numbers: no scaffold is in two parts (Bemis and Murcko, 1996). Undefined for a file that was downloaded. */
  readonly scaffoldSplit: Split | undefined;
  /** Figures to compare with, in the unit of the metric, not in percent. */
  readonly published: readonly PublishedResult[];
  /** The repository; undefined for a folder that names none. */
  readonly source: DatasetSource | undefined;
  /** The publications to cite. */
  readonly citation: readonly string[];
}
