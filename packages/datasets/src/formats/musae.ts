import { DataError } from "@vicinal/core";
import { stratifiedSplits } from "../collection-splits.ts";
import { CsrRows } from "./csr-rows.ts";
import { readCsv, wholeNumber } from "./csv.ts";
import { asIndices } from "./numbers.ts";
import type { PublishedArrays } from "./published-form.ts";

/** The files of one social network of Rozemberczki, Allen and Sarkar, and how their columns are called. */
export interface MusaeFiles {
  readonly edges: Uint8Array;
  readonly target: Uint8Array;
  /** One JSON object: node number to the list of its feature numbers. Undefined where the network has no features. */
  readonly features: Uint8Array | undefined;
  /** Names of the two columns of the edge file. */
  readonly ends: readonly [string, string];
  /** Name of the column of the target file that holds the node number. */
  readonly node: string;
  readonly label: string;
  /** The class number of each text in the label column; undefined where the column holds the class number itself. */
  readonly classOf: ReadonlyMap<string, number> | undefined;
}

/**
 * The CSV and JSON files of the MUSAE collection (https://github.com/benedekrozemberczki/datasets). A feature that a list
 * names twice counts once.
 *
 * @param nodes Number of nodes; every one must have a line in the target file.
 * @param columns Number of features, which is more than the largest number that occurs in some of the networks.
 */
export function readMusae(name: string, files: MusaeFiles, nodes: number, columns: number): PublishedArrays {
  const labels = readLabels(`${name}: target file`, files, nodes);
  return {
    edges: readEdges(`${name}: edge file`, files),
    features: files.features && readFeatures(`${name}: feature file`, files.features, nodes, columns),
    labels,
    splits: stratifiedSplits(labels),
  };
}

function readEdges(where: string, { edges, ends }: MusaeFiles): PublishedArrays["edges"] {
  const { rows, column } = readCsv(where, edges);
  const from = column(ends[0]);
  const to = column(ends[1]);
  return {
    sources: asIndices(
      where,
      rows.map((row, r) => wholeNumber(where, row[from], r)),
    ),
    targets: asIndices(
      where,
      rows.map((row, r) => wholeNumber(where, row[to], r)),
    ),
  };
}

function readLabels(where: string, { target, node, label, classOf }: MusaeFiles, nodes: number): Int32Array {
  const { rows, column } = readCsv(where, target);
  const [nodeColumn, labelColumn] = [column(node), column(label)];
  const labels = new Int32Array(nodes).fill(-1);
  for (const [r, row] of rows.entries()) {
    const number = wholeNumber(where, row[nodeColumn], r);
    const text = row[labelColumn] ?? "";
    const known = classOf === undefined ? wholeNumber(where, text, r) : classOf.get(text);
    if (known === undefined || number >= nodes || labels[number] !== -1) {
      throw new DataError(
        "malformed-csv",
        `${where}: line ${r + 2} gives node ${number} the label "${text}"; expected each of ${nodes} nodes once, with a known label.`,
      );
    }
    labels[number] = known;
  }
  const missing = labels.indexOf(-1);
  if (missing < 0) return labels;
  throw new DataError(
    "malformed-csv",
    `${where}: node ${missing} has no line; expected one for each of ${nodes} nodes.`,
  );
}

function readFeatures(where: string, bytes: Uint8Array, nodes: number, columns: number): PublishedArrays["features"] {
  const lists = parseLists(where, bytes);
  const features = new CsrRows();
  for (let node = 0; node < nodes; node++) {
    const list = lists.get(String(node));
    if (!Array.isArray(list) || !list.every((number) => Number.isInteger(number) && number >= 0 && number < columns)) {
      throw new DataError(
        "malformed-json",
        `${where}: expected a list of feature numbers below ${columns} for node ${node}.`,
      );
    }
    features.addSet(list);
  }
  return features.finish(columns);
}

function parseLists(where: string, bytes: Uint8Array): ReadonlyMap<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return new Map(Object.entries(value ?? {}));
  } catch (cause) {
    throw new DataError("malformed-json", `${where}: ${String(cause)}. The file is damaged: fetch it again.`, {
      cause,
    });
  }
}
