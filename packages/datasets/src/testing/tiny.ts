import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CatalogEntry, PublishedFile } from "../catalog/entry.ts";
import { numberedClasses } from "../class-names.ts";
import { fingerprint } from "../fingerprint.ts";
import { readMusae } from "../formats/musae.ts";
import type { Files } from "./published.ts";

const text: Readonly<Record<string, string>> = {
  "edges.csv": "from,to\n0,1\n1,2\n2,0\n2,3\n",
  "target.csv": "id,class\n0,0\n2,1\n1,0\n3,1\n",
  "features.json": '{"0": [2, 0, 2], "1": [], "3": [1], "2": [0]}',
};

/** A data set of four nodes in the published form, for tests of everything between the network and the graph. */
export const tinyFiles: Files = new Map(
  Object.entries(text).map(([name, content]) => [name, new TextEncoder().encode(content)]),
);

/** The entry of the catalog that belongs to it, or to files that stand in for it. */
export function tinyEntry(): CatalogEntry {
  const read: CatalogEntry["read"] = (files) =>
    readMusae(
      "tiny",
      {
        edges: files.bytes("edges.csv"),
        target: files.bytes("target.csv"),
        features: files.bytes("features.json"),
        ends: ["from", "to"],
        node: "id",
        label: "class",
        classOf: undefined,
      },
      4,
      3,
    );
  const bytes = (name: string) => tinyFiles.get(name) ?? new Uint8Array();
  return {
    name: "tiny",
    title: "Four nodes",
    metric: "accuracy",
    nodes: 4,
    directed: false,
    classNames: numberedClasses(2),
    splitsFrom: "collection",
    splitsHow: "",
    published: [],
    source: { repository: "https://github.com/owner/name", commit: "0123456789abcdef", licence: "MIT" },
    citation: [],
    files: pin(tinyFiles),
    fingerprint: fingerprint({ ...read({ bytes }), nodes: 4, labelSets: undefined }),
    read,
  };
}

/** Files as a catalog entry lists them. */
export function pin(files: Files): PublishedFile[] {
  return [...files].map(([name, content]) => ({
    path: `data/${name}`,
    bytes: content.length,
    sha256: createHash("sha256").update(content).digest("hex"),
  }));
}

/** Answers requests from files, by the last part of the address, and counts them. */
export function publisher(files: Files): { fetch: typeof fetch; requests: string[] } {
  const requests: string[] = [];
  return {
    requests,
    fetch: async (address) => {
      requests.push(String(address));
      const content = files.get(String(address).split("/").at(-1) ?? "");
      return content === undefined
        ? new Response("404: Not Found", { status: 404, statusText: "Not Found" })
        : new Response(new Uint8Array(content));
    },
  };
}

/** A small data set in the folder layout: four nodes, five edge rows, two classes, one split. */
export const tinyMeta = {
  name: "tiny",
  title: "Four nodes",
  task: "node classification",
  metric: "ROC AUC (accuracy is also reported in the literature)",
  directed: false,
  class_names: ["left", "right"],
  counts: { nodes: 4, edge_rows: 5, classes: 2, features: 3 },
  features: { layout: "csr", rows: 4, columns: 3, nonzeros: 5, values: "all 1 (no values file)" },
  splits: { count: 1, how: "Made for this collection: by hand." },
  source: { repository: "https://github.com/owner/name", commit: "0123456789abcdef", licence: "MIT" },
  citation: ["Somebody, Something, 2026"],
  reference_results: [{ model: "GAT", value: 83, std: null, protocol: "by hand", source: "Somebody" }],
};

export const tinyBinaries = {
  "edges.u32.bin": Uint32Array.of(0, 1, 1, 2, 2, 0, 2, 3, 3, 3),
  "features.indptr.u32.bin": Uint32Array.of(0, 2, 2, 4, 5),
  "features.indices.u32.bin": Uint32Array.of(0, 2, 0, 1, 2),
  "labels.i32.bin": Int32Array.of(0, 0, 1, -1),
  "splits.u8.bin": Uint8Array.of(1, 2, 3, 0),
} satisfies Record<string, ArrayBufferView>;

/** Writes a folder in the layout of the README; a value of undefined leaves a file out. */
export async function writeFolder(
  folder: string,
  meta: object | string,
  binaries: Readonly<Record<string, ArrayBufferView | undefined>>,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "meta.json"), typeof meta === "string" ? meta : JSON.stringify(meta));
  for (const [file, content] of Object.entries(binaries)) {
    if (content === undefined) continue;
    await writeFile(join(folder, file), new Uint8Array(content.buffer, content.byteOffset, content.byteLength));
  }
  return folder;
}
