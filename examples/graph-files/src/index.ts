export { givenLabel, knownLabel, type LabeledGraph, testLabel } from "./labeled-graph.ts";
export { GraphFileError, reasonOf } from "./read/graph-file-error.ts";
export { graphFileEnding, graphFileEndings, type ReadGraphOptions, readGraph } from "./read/read-graph.ts";
export { readTable, type Table } from "./read/read-table.ts";
export type { TextFile } from "./read/text-file.ts";
export { predictionsCsv } from "./write/predictions-csv.ts";
export { type NodeLook, predictionsGexf } from "./write/predictions-gexf.ts";
export { xmlText } from "./write/xml-text.ts";
