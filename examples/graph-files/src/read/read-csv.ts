import { UndirectedGraph } from "graphology";
import { GraphFileError } from "./graph-file-error.ts";
import { readTable, type Table } from "./read-table.ts";
import { type TextFile, textOf } from "./text-file.ts";

const sourceColumns = ["source", "from"];
const targetColumns = ["target", "to"];
const nodeColumns = ["node", "id", "key"];

type Row = Table["rows"][number];

/**
 * An undirected graph from a list of edges and, if there is one, a list of node attributes.
 *
 * Edges: a header with `source` and `target` (or `from` and `to`); further columns become edge attributes. A pair that is listed
 * again, in either direction, is the same edge; of its attributes, the last ones count. Nodes: a header with `node` (or `id`, `key`);
 * further columns become node attributes, and nodes without an edge are added. A column that holds only numbers is read as
 * numbers, unless it is one of `textColumns`; an empty field is a missing value.
 *
 * @throws GraphFileError `unreadable-graph` or `missing-column`.
 */
export function readCsv(edges: TextFile, nodes: TextFile | undefined, textColumns: readonly string[]): UndirectedGraph {
  const graph = new UndirectedGraph();
  const edgeTable = parseTable(edges);
  const source = findColumn(edges, edgeTable, sourceColumns);
  const target = findColumn(edges, edgeTable, targetColumns);
  const edgeAttributes = attributeReader(edgeTable, [source, target], textColumns);
  for (const [index, row] of edgeTable.rows.entries()) {
    const [from, to] = [cell(edges, row, source, index), cell(edges, row, target, index)];
    graph.mergeEdge(from, to, edgeAttributes(row));
  }
  if (nodes === undefined) return graph;

  const nodeTable = parseTable(nodes);
  const key = findColumn(nodes, nodeTable, nodeColumns);
  const nodeAttributes = attributeReader(nodeTable, [key], textColumns);
  for (const [index, row] of nodeTable.rows.entries()) {
    graph.mergeNode(cell(nodes, row, key, index), nodeAttributes(row));
  }
  return graph;
}

function parseTable(file: TextFile): Table {
  return readTable(
    file.name,
    textOf(file),
    (message, cause) => new GraphFileError("unreadable-graph", message, { cause }),
  );
}

function findColumn({ name }: TextFile, { columns }: Table, names: readonly string[]): string {
  const found = columns.find((column) => names.includes(column.toLowerCase()));
  if (found !== undefined) return found;
  throw new GraphFileError(
    "missing-column",
    `${name}: got the columns ${columns.map((column) => `"${column}"`).join(", ") || "of an empty file"}; expected one named ` +
      `${names.map((name) => `"${name}"`).join(" or ")} in the header line. Rename the column that holds it.`,
  );
}

function cell({ name }: TextFile, row: Row, column: string, index: number): string {
  const value = row[column];
  if (value) return value;
  throw new GraphFileError(
    "unreadable-graph",
    `${name}: row ${index + 1} after the header has an empty "${column}"; expected the key of a node. Fill it in or delete the row.`,
  );
}

/** A function from a row to its attributes, with each column as numbers or as text throughout. */
function attributeReader(
  { columns, rows }: Table,
  keys: readonly string[],
  textColumns: readonly string[],
): (row: Row) => Record<string, string | number> {
  const attributes = columns.filter((column) => !keys.includes(column));
  const numeric = new Set(
    attributes.filter(
      (column) =>
        !textColumns.includes(column) &&
        rows.every((row) => row[column] === "" || Number.isFinite(Number(row[column]))),
    ),
  );
  return (row) => {
    const values: Record<string, string | number> = {};
    for (const column of attributes) {
      const text = row[column] ?? "";
      if (text !== "") values[column] = numeric.has(column) ? Number(text) : text;
    }
    return values;
  };
}
