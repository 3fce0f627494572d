import type { Publication, PublishedFile } from "../catalog/entry.ts";
import { DownloadError } from "../errors.ts";
import { sha256 } from "./checksum.ts";

/** How `download` reaches the network and tells of it. */
export interface Transfer {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal | undefined;
  /** Called for every piece that arrives, with its length in bytes. */
  onBytes(count: number): void;
}

/** The address of a published file: a repository on GitHub at a fixed commit. */
function fileAddress(entry: Publication, file: PublishedFile): string {
  const { pathname } = new URL(entry.source.repository);
  return `https://raw.githubusercontent.com${pathname}/${entry.source.commit}/${file.path}`;
}

/**
 * Fetches one published file and compares it with its checksum. It is kept in memory until it is known to be whole and right;
 * the largest has 2.8 MB.
 *
 * @throws DownloadError `offline`, `http-status`, `interrupted-download` or `wrong-checksum`; the reason of the signal when it
 *   was aborted.
 */
export async function download(entry: Publication, file: PublishedFile, transfer: Transfer): Promise<Uint8Array> {
  const address = fileAddress(entry, file);
  const body = await connect(entry.name, address, transfer);
  const content = new Uint8Array(file.bytes);
  let received = 0;
  for await (const piece of pieces(entry.name, address, body, transfer)) {
    if (received + piece.length > file.bytes) {
      throw wrongChecksum(entry.name, address, `it is longer than the ${file.bytes} bytes that were published`);
    }
    content.set(piece, received);
    received += piece.length;
    transfer.onBytes(piece.length);
  }
  if (received < file.bytes) {
    throw new DownloadError(
      "interrupted-download",
      `${entry.name}: ${address} ended after ${received} of ${file.bytes} bytes. Nothing was kept: try again.`,
    );
  }
  const sum = sha256(content);
  if (sum === file.sha256) return content;
  throw wrongChecksum(entry.name, address, `its SHA-256 is ${sum}; expected ${file.sha256}`);
}

async function connect(name: string, address: string, { fetch, signal }: Transfer): Promise<Response["body"]> {
  let response: Response;
  try {
    response = await fetch(address, { signal: signal ?? null });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new DownloadError(
      "offline",
      `${name}: cannot reach ${address} (${reasonOf(cause)}). ${withoutNetwork(name)}`,
      {
        cause,
      },
    );
  }
  if (response.ok) return response.body;
  await response.body?.cancel();
  throw new DownloadError(
    "http-status",
    `${name}: ${address} answered ${response.status} ${response.statusText}; expected the file. Try again later, or: ` +
      withoutNetwork(name),
  );
}

/** The body piece by piece; leaving the loop early closes the connection. */
async function* pieces(
  name: string,
  address: string,
  body: Response["body"],
  { signal }: Transfer,
): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof DownloadError) throw cause;
    throw new DownloadError(
      "interrupted-download",
      `${name}: the connection to ${address} broke (${reasonOf(cause)}). Nothing was kept: try again.`,
      { cause },
    );
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function wrongChecksum(name: string, address: string, found: string): DownloadError {
  return new DownloadError(
    "wrong-checksum",
    `${name}: ${address} is not the file that was published: ${found}. Nothing was kept. ` +
      "A proxy may have answered in its place; try again from another network.",
  );
}

function withoutNetwork(name: string): string {
  return (
    `Without a network, put the data set into a folder "${name}" in the layout that the README of @vicinal/datasets ` +
    'describes, and name the folder above it with the option "folder" or with VICINAL_DATA.'
  );
}

/** Node says "fetch failed" and puts what happened into the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}
