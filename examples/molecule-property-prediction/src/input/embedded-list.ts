import { fileURLToPath } from "node:url";
import { descriptors } from "@vicinal/molecules";
import type { MoleculeInput } from "./molecule-input.ts";
import { readMolecules } from "./read-molecules.ts";
import { fieldsOf, readTableFile, type TableFile } from "./read-table.ts";

/** The list beside the program: name, formula and SMILES of well-known compounds. */
export function readEmbeddedTable(): Promise<TableFile> {
  return readTableFile(fileURLToPath(new URL("../../data/molecules.csv", import.meta.url)));
}

/**
 * Well-known compounds with the logarithm of their octanol/water partition coefficient as openchemlib estimates it. Nobody measured these numbers: they
 * are a sum over kinds of atoms, which a network has to find out from examples.
 */
export async function readEmbeddedList(): Promise<MoleculeInput> {
  const table = await readEmbeddedTable();
  const read = readMolecules(table.path, fieldsOf(table, "smiles"), fieldsOf(table, "name"), false);
  return {
    ...read,
    title: "logP of well-known compounds, computed by openchemlib, not measured",
    origin: "computed",
    task: "regression",
    targetNames: ["computed logP"],
    targets: Float64Array.from(read.molecules, (molecule) => descriptors(molecule).logP),
    splits: [],
    scaffoldSplit: undefined,
    withheld: ["logP", "logS"],
  };
}
