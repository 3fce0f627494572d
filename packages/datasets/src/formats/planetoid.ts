import { DataError } from "@vicinal/core";
import { splitFromLists } from "../splits.ts";
import { CsrRows } from "./csr-rows.ts";
import type { NumericArray } from "./numbers.ts";
import { asCsr, asMap, asNumbers, readPickle } from "./pickle.ts";
import type { PublishedArrays, PublishedFiles } from "./published-form.ts";
import { addStoredRow, type StoredCsr } from "./stored-csr.ts";

/** The public split validates on the 500 rows that follow the training rows. */
const VALIDATION_ROWS = 500;

/**
 * Planetoid's pickles (Yang, Cohen, Salakhutdinov 2016): `allx` and `ally` hold features and one-hot labels of the first
 * nodes, `tx` and `ty` those of the nodes that `test.index` names, `graph` the neighbors of every node, and `y` as many rows
 * as there are training nodes. Nodes that neither part names (15 in Citeseer) have no features and no label.
 */
export function readPlanetoid(name: string, files: PublishedFiles): PublishedArrays {
  const where = (part: string) => `${name}: ind.${name}.${part}`;
  const pickle = (part: string) => readPickle(where(part), files.bytes(`ind.${name}.${part}`));
  const known = asCsr(where("allx"), pickle("allx"));
  const tested = asCsr(where("tx"), pickle("tx"));
  const knownLabels = asNumbers(where("ally"), pickle("ally"));
  const testedLabels = asNumbers(where("ty"), pickle("ty"));
  const trainingRows = asNumbers(where("y"), pickle("y")).shape[0] ?? 0;
  const graph = asMap(where("graph"), pickle("graph"));
  const testNodes = readIndex(where("test.index"), files.bytes(`ind.${name}.test.index`));

  const nodes = graph.size;
  const rowOfTestNode = new Map(testNodes.map((node, row) => [node, row]));
  checkPart(where("allx"), known, knownLabels, nodes);
  checkPart(where("tx"), tested, testedLabels, testNodes.length);

  const features = new CsrRows();
  const labels = new Int32Array(nodes).fill(-1);
  for (let node = 0; node < nodes; node++) {
    const testRow = rowOfTestNode.get(node);
    if (node < known.rows) addRow(features, labels, node, known, knownLabels, node);
    else if (testRow !== undefined) addRow(features, labels, node, tested, testedLabels, testRow);
    else features.addEmpty();
  }
  const rows = (start: number, count: number) => Array.from({ length: count }, (_, r) => start + r);
  return {
    edges: flatten(where("graph"), graph, files.bytes(`ind.${name}.graph`).length),
    features: features.finish(known.columns),
    labels,
    splits: [splitFromLists(rows(0, trainingRows), rows(trainingRows, VALIDATION_ROWS), testNodes)],
  };
}

function addRow(
  features: CsrRows,
  labels: Int32Array,
  node: number,
  matrix: StoredCsr,
  oneHot: NumericArray,
  row: number,
): void {
  addStoredRow(features, matrix, row);
  const classes = oneHot.shape[1] ?? 0;
  labels[node] = oneHot.values.subarray(row * classes, (row + 1) * classes).indexOf(1);
}

function checkPart(where: string, matrix: StoredCsr, oneHot: NumericArray, most: number): void {
  if (matrix.rows === oneHot.shape[0] && matrix.rows <= most) return;
  throw new DataError(
    "wrong-length",
    `${where}: got ${matrix.rows} rows of features and ${oneHot.shape[0]} rows of labels; expected as many of each, and ` +
      `at most ${most}. The files belong to different data sets.`,
  );
}

/**
 * One row an entry of the adjacency lists, in the order of the node numbers.
 *
 * @param most More entries than this cannot be: a list that the pickle repeats for many nodes would grow without end.
 */
function flatten(where: string, graph: ReadonlyMap<unknown, unknown>, most: number): PublishedArrays["edges"] {
  const sources: number[] = [];
  const targets: number[] = [];
  const isNode = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < graph.size;
  for (let node = 0; node < graph.size; node++) {
    const neighbors = graph.get(node);
    if (!Array.isArray(neighbors) || sources.length + neighbors.length > most || !neighbors.every(isNode)) {
      throw new DataError(
        "malformed-pickle",
        `${where}: expected a list of node numbers below ${graph.size} for node ${node}.`,
      );
    }
    for (const neighbor of neighbors) {
      sources.push(node);
      targets.push(neighbor);
    }
  }
  return { sources: Uint32Array.from(sources), targets: Uint32Array.from(targets) };
}

function readIndex(where: string, bytes: Uint8Array): number[] {
  const lines = Buffer.from(bytes).toString("latin1").trim().split(/\r?\n/);
  return lines.map((line, row) => {
    if (/^\d+$/.test(line)) return Number(line);
    throw new DataError(
      "malformed-file",
      `${where}: line ${row + 1} is "${line.slice(0, 20)}"; expected a node number.`,
    );
  });
}
