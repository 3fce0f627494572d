/// <reference types="vite/client" />

import table from "../../../molecule-property-prediction/data/molecules.csv?raw";
import { readTrainingTable } from "./table/training-table.ts";

/** The SMILES of the list that comes with the page: that of the molecules example. */
export function embeddedSmiles(): readonly string[] {
  const { columns, rows } = readTrainingTable(table);
  const smiles = columns.indexOf("smiles");
  return rows.map((row) => row[smiles]!);
}
