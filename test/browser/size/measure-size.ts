import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";

/** What a page downloads of ours, minified and compressed by gzip at level 9, wasm included. */
export interface PageSize {
  /** Bytes before the page does anything: the entry and all that it imports statically. */
  readonly first: number;
  /** Bytes of what is loaded only when it is asked for, such as checkpoints. */
  readonly later: number;
  /** Characters of the first download by folder of our sources, before they are minified; the largest first. */
  readonly folders: readonly (readonly [folder: string, characters: number])[];
}

interface Chunk {
  readonly type: "chunk" | "asset";
  readonly fileName: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly code?: string;
  readonly modules?: Readonly<Record<string, { readonly renderedLength: number }>>;
}

/** Builds a page whose program is `source` with Vite, from our sources, with what others wrote left out. */
export async function measureSize(source: string): Promise<PageSize> {
  const parent = join(import.meta.dirname, "dist");
  await mkdir(parent, { recursive: true });
  const root = await mkdtemp(join(parent, "page-"));
  try {
    const entry = join(root, "page.js");
    await writeFile(entry, source);
    const chunks = await chunksOf(root, entry);
    const first = firstOf(chunks);
    const bytes = (list: readonly Chunk[]) =>
      list.reduce((total, { code = "" }) => total + gzipSync(code, { level: 9 }).length, 0);
    return { first: bytes(first), later: bytes(chunks.filter((c) => !first.includes(c))), folders: foldersOf(first) };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function chunksOf(root: string, entry: string): Promise<readonly Chunk[]> {
  const built = await build({
    configFile: false,
    logLevel: "silent",
    root,
    resolve: { conditions: ["@vicinal/source", "module", "browser", "import", "default"] },
    build: {
      write: false,
      // A library, so that Vite adds nothing of its own.
      lib: { entry, formats: ["es"], fileName: "page" },
      rolldownOptions: {
        // As in a program: what the entry shares with what is loaded later stays in the entry.
        preserveEntrySignatures: "allow-extension",
        external: (id: string) => /^[\w@]/.test(id) && !id.startsWith("@vicinal/") && !id.startsWith(root),
        // As in a program, too: notes for bundlers stay in what is built as a library only.
        output: { minify: true, comments: { annotation: false } },
      },
    },
  });
  const outputs = Array.isArray(built) ? built : [built];
  return outputs.flatMap((output): readonly Chunk[] => ("output" in output ? output.output : []));
}

/** The entry, and what it imports, and so on. */
function firstOf(chunks: readonly Chunk[]): readonly Chunk[] {
  const found = new Set(chunks.filter(({ isEntry }) => isEntry));
  // A set goes on over what is added meanwhile.
  for (const { imports = [] } of found) {
    for (const chunk of chunks) if (imports.includes(chunk.fileName)) found.add(chunk);
  }
  return [...found];
}

function foldersOf(chunks: readonly Chunk[]): readonly (readonly [string, number])[] {
  const folders = new Map<string, number>();
  for (const { modules = {} } of chunks) {
    for (const [path, { renderedLength }] of Object.entries(modules)) {
      const [, name, rest] = /packages\/(\w+)\/src\/(.*)$/.exec(path) ?? [];
      if (name === undefined || rest === undefined || renderedLength === 0) continue;
      const parts = rest.split("/").slice(0, -1).slice(0, 2);
      const folder = rest.endsWith(".generated.ts") ? "the wasm modules" : [name, ...parts].join("/");
      folders.set(folder, (folders.get(folder) ?? 0) + renderedLength);
    }
  }
  return [...folders].sort(([, a], [, b]) => b - a);
}
