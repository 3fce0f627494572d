import { DOMParser, onErrorStopParsing } from "@xmldom/xmldom";
import { MultiGraph } from "graphology";
import { parse as parseGexf } from "graphology-gexf";
import { parse as parseGraphml } from "graphology-graphml";
import type { AbstractGraph } from "graphology-types";
import { GraphFileError, reasonOf } from "./graph-file-error.ts";
import { type TextFile, textOf } from "./text-file.ts";

/** @throws GraphFileError `unreadable-graph`. */
export function readGexf(file: TextFile): AbstractGraph {
  return readXml(file, "GEXF", "gexf", (text) => parseGexf(MultiGraph, text, { allowUndeclaredAttributes: true }));
}

/** @throws GraphFileError `unreadable-graph`. */
export function readGraphml(file: TextFile): AbstractGraph {
  return readXml(file, "GraphML", "graphml", (text) => parseGraphml(MultiGraph, text));
}

function readXml(file: TextFile, format: string, root: string, parse: (text: string) => AbstractGraph): AbstractGraph {
  const text = textOf(file);
  try {
    // graphology's parsers take whatever can be rescued of a broken document: a truncated file would become a smaller graph.
    const document = new DOMParser({ onError: onErrorStopParsing }).parseFromString(text, "application/xml");
    const name = document.documentElement?.localName;
    if (name !== root) throw new Error(`The outermost element is <${name}>; expected <${root}>.`);
    if (document.getElementsByTagName("graph").length === 0) throw new Error("It has no <graph> element.");
    return parse(text);
  } catch (error) {
    throw new GraphFileError(
      "unreadable-graph",
      `${file.name}: this does not read as ${format}: ${reasonOf(error)} Export it again from the program that made it.`,
      { cause: error },
    );
  }
}
