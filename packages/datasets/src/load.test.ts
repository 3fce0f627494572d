import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OptionError } from "@vicinal/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DownloadProgress } from "./download/fetch-files.ts";
import { DownloadError } from "./errors.ts";
import { load, loadPublished } from "./load.ts";
import { pin, publisher, tinyBinaries, tinyEntry, tinyFiles, tinyMeta, writeFolder } from "./testing/tiny.ts";

let folder = "";
let cache = "";
const servers: Server[] = [];

beforeEach(async () => {
  vi.stubEnv("VICINAL_DATA", "");
  folder = await mkdtemp(join(tmpdir(), "vicinal-load-"));
  cache = join(folder, "cache");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) server.close();
  await rm(folder, { recursive: true });
});

/** A real server, and a fetch that asks it in place of the publisher. */
async function serve(answer: RequestListener): Promise<typeof fetch> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return (file, init) => fetch(`http://127.0.0.1:${address.port}/${String(file).split("/").at(-1)}`, init);
}

/** Serves the files of the tiny data set, but answers for one of them in its own way. */
function serveBut(name: string, answer: RequestListener): Promise<typeof fetch> {
  return serve((request, response) => {
    if (request.url === `/${name}`) answer(request, response);
    else response.end(tinyFiles.get(request.url?.slice(1) ?? ""));
  });
}

async function cachedFiles(): Promise<string[]> {
  const found = await readdir(cache, { recursive: true, withFileTypes: true }).catch(() => []);
  return found.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

async function failure(options: Parameters<typeof loadPublished>[2], entry = tinyEntry()): Promise<DownloadError> {
  const error = await loadPublished(entry, "cora", { cache, ...options }).then(
    () => expect.fail("the data set was loaded"),
    (reason: unknown) => reason,
  );
  if (error instanceof DownloadError) return error;
  throw error;
}

describe("load", () => {
  it("refuses an unknown name and an unknown option", async () => {
    // @ts-expect-error: the name is not in the union.
    await expect(load("pubmed")).rejects.toThrow(expect.objectContaining({ code: "unknown-dataset" }));
    // @ts-expect-error: the name is not in the union.
    await expect(load("constructor")).rejects.toThrow(OptionError);
    // @ts-expect-error: the option is not one.
    await expect(load("cora", { cach: "x" })).rejects.toThrow(expect.objectContaining({ code: "unknown-option" }));
  });

  it("takes a folder first, then VICINAL_DATA, and asks no publisher when either has the data set", async () => {
    const { fetch, requests } = publisher(new Map());
    await writeFolder(join(folder, "a", "cora"), { ...tinyMeta, name: "from a" }, tinyBinaries);
    await writeFolder(join(folder, "b", "cora"), { ...tinyMeta, name: "from b" }, tinyBinaries);
    vi.stubEnv("VICINAL_DATA", join(folder, "b"));
    expect((await load("cora", { folder: join(folder, "a"), cache, fetch })).name).toBe("from a");
    expect((await load("cora", { folder: join(folder, "empty"), cache, fetch })).name).toBe("from b");
    expect((await load("cora", { cache, fetch })).name).toBe("from b");
    expect(requests).toEqual([]);
  });

  it("does not go to the network when the folder of the data set is damaged", async () => {
    const { fetch, requests } = publisher(new Map());
    await writeFolder(join(folder, "cora"), "{", tinyBinaries);
    const loading = load("cora", { folder, cache, fetch });
    await expect(loading).rejects.toThrow(expect.objectContaining({ code: "malformed-meta" }));
    expect(requests).toEqual([]);
  });

  it("asks GitHub for the pinned commit when no folder has the data set", async () => {
    const { fetch, requests } = publisher(new Map());
    await expect(load("cora", { folder, cache, fetch })).rejects.toThrow(DownloadError);
    expect(requests).toEqual([
      "https://raw.githubusercontent.com/kimiyoung/planetoid/af6abf468a772cc055bec88c52e4d6f51b7c37e3/data/ind.cora.allx",
    ]);
  });
});

describe("a download", () => {
  it("is checked, cached, and not repeated", async () => {
    const { fetch, requests } = publisher(tinyFiles);
    const first = await loadPublished(tinyEntry(), "cora", { cache, fetch });
    expect(first).toMatchObject({ name: "tiny", nodes: 4, labels: Int32Array.of(0, 0, 1, 1) });
    expect(requests).toEqual(
      [...tinyFiles.keys()].map((name) => `https://raw.githubusercontent.com/owner/name/0123456789abcdef/data/${name}`),
    );
    expect(await cachedFiles()).toHaveLength(tinyFiles.size);
    expect(await loadPublished(tinyEntry(), "cora", { cache, fetch })).toEqual(first);
    expect(requests).toHaveLength(tinyFiles.size);
  });

  it("tells how far it has come", async () => {
    const seen: DownloadProgress[] = [];
    const onProgress = (progress: DownloadProgress) => seen.push(progress);
    const { fetch } = publisher(tinyFiles);
    const total = [...tinyFiles.values()].reduce((sum, file) => sum + file.length, 0);
    await loadPublished(tinyEntry(), "cora", { cache, fetch, onProgress });
    expect(seen[0]).toEqual({ dataset: "cora", file: "data/edges.csv", received: 0, total });
    expect(seen.at(-1)).toEqual({ dataset: "cora", file: "data/features.json", received: total, total });
    expect(seen.map(({ received }) => received)).toEqual(seen.map(({ received }) => received).sort((a, b) => a - b));

    seen.length = 0;
    await loadPublished(tinyEntry(), "cora", { cache, fetch, onProgress });
    expect(seen).toEqual([]);
  });

  it("replaces a cached file that was damaged, and counts the others as received", async () => {
    const { fetch, requests } = publisher(tinyFiles);
    await loadPublished(tinyEntry(), "cora", { cache, fetch });
    const target = join(cache, "tiny", "0123456789ab", "target.csv");
    await writeFile(target, "id,class\n0,1\n");
    requests.length = 0;
    const seen: DownloadProgress[] = [];
    await loadPublished(tinyEntry(), "cora", { cache, fetch, onProgress: (progress) => seen.push(progress) });
    expect(requests).toEqual([expect.stringMatching(/target\.csv$/)]);
    expect(seen[0]?.received).toBe((seen[0]?.total ?? 0) - (tinyFiles.get("target.csv")?.length ?? 0));
    expect(new Uint8Array(await readFile(target))).toEqual(tinyFiles.get("target.csv"));
  });

  it("leaves nothing of a file whose server closes half-way, and goes on from the files that are whole", async () => {
    const broken = await serveBut("target.csv", (_, response) => {
      const content = tinyFiles.get("target.csv") ?? new Uint8Array();
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, content.length / 2));
      setTimeout(() => response.destroy(), 50);
    });
    const error = await failure({ fetch: broken });
    expect(error.code).toBe("interrupted-download");
    expect(error.message).toContain("target.csv");
    expect(await cachedFiles()).toEqual(["edges.csv"]);

    const { fetch, requests } = publisher(tinyFiles);
    expect((await loadPublished(tinyEntry(), "cora", { cache, fetch })).nodes).toBe(4);
    expect(requests).toHaveLength(2);
  });

  it("recognises a file that ends too early although its server says it is done", async () => {
    const short = await serveBut("target.csv", (_, response) => response.end("id,class\n0,"));
    const error = await failure({ fetch: short });
    expect(error.code).toBe("interrupted-download");
    expect(error.message).toMatch(/ended after 11 of \d+ bytes/);
    expect(await cachedFiles()).toEqual(["edges.csv"]);
  });

  it("refuses a wrong checksum and says so", async () => {
    const content = Buffer.from(tinyFiles.get("target.csv") ?? "");
    content[content.length - 2] = "0".charCodeAt(0);
    const error = await failure({ fetch: publisher(new Map([...tinyFiles, ["target.csv", content]])).fetch });
    expect(error.code).toBe("wrong-checksum");
    expect(error.message).toMatch(/SHA-256 is [0-9a-f]{64}; expected [0-9a-f]{64}/);
    expect(await cachedFiles()).toEqual(["edges.csv"]);
  });

  it("stops at a file that is longer than published", async () => {
    const endless = await serveBut("edges.csv", (_, response) => {
      const flow = () => {
        while (response.write("0,1\n".repeat(1000)));
      };
      response.on("drain", flow);
      flow();
    });
    expect(await failure({ fetch: endless })).toMatchObject({ code: "wrong-checksum" });
    expect(await cachedFiles()).toEqual([]);
  });

  it("says what to do without a network", async () => {
    const fetch = await serve((_, response) => response.end());
    for (const server of servers) await new Promise((resolve) => server.close(resolve));
    const error = await failure({ fetch });
    expect(error.code).toBe("offline");
    expect(error.message).toContain("ECONNREFUSED");
    expect(error.message).toContain("VICINAL_DATA");
    expect(await cachedFiles()).toEqual([]);
  });

  it("passes on what the server answered", async () => {
    const error = await failure({ fetch: publisher(new Map()).fetch });
    expect(error.code).toBe("http-status");
    expect(error.message).toContain("404 Not Found");
    expect(await cachedFiles()).toEqual([]);
  });

  it("ends with the reason of the signal when it is aborted half-way", async () => {
    const abort = new AbortController();
    const stalled = await serveBut("target.csv", (_, response) => {
      response.writeHead(200, { "content-length": 30 });
      response.write("id,class\n");
    });
    const loading = loadPublished(tinyEntry(), "cora", {
      cache,
      fetch: stalled,
      signal: abort.signal,
      onProgress: ({ file, received, total }) => {
        if (file === "data/target.csv" && received > 0 && received < total) abort.abort(new Error("enough"));
      },
    });
    await expect(loading).rejects.toThrow("enough");
    expect(await cachedFiles()).toEqual(["edges.csv"]);
  });

  it("does not begin when the signal was aborted before", async () => {
    const { fetch, requests } = publisher(tinyFiles);
    const signal = AbortSignal.abort();
    await expect(load("cora", { cache, fetch, signal })).rejects.toThrow(
      expect.objectContaining({ name: "AbortError" }),
    );
    expect(requests).toEqual([]);
  });

  it("says when the cache cannot be written", async () => {
    await writeFile(cache, "a file where the folder should be");
    const error = await failure({ fetch: publisher(tinyFiles).fetch });
    expect(error.code).toBe("cache-not-writable");
    expect(error.message).toContain("VICINAL_CACHE");
  });

  it("refuses a graph that differs from the one that was tested", async () => {
    const files = new Map([...tinyFiles, ["edges.csv", new TextEncoder().encode("from,to\n0,1\n")]]);
    const entry = { ...tinyEntry(), files: pin(files) };
    const loading = loadPublished(entry, "cora", { cache, fetch: publisher(files).fetch });
    await expect(loading).rejects.toThrow(expect.objectContaining({ code: "unexpected-content" }));
  });
});
