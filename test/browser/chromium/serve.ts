import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml; charset=utf-8",
  ".wasm": "application/wasm",
};

/** What {@link serve} hands out. */
export interface ServeOptions {
  /** Folders by the path under which their files are found, such as `{ "/": "dist" }`. The longest path that fits is taken. */
  readonly folders?: Readonly<Record<string, string>>;
  /** Texts by their path, before any file. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Whether pages are cross-origin isolated (COOP `same-origin`, COEP `require-corp`), and so may share memory. Default `false`. */
  readonly isolated?: boolean;
}

export interface FileServer extends AsyncDisposable {
  /** The address, without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** A server of files on this machine, for browsers that only show what they asked for. Paths that end in a slash mean `index.html`. */
export async function serve({ folders = {}, texts = {}, isolated = false }: ServeOptions): Promise<FileServer> {
  const prefixes = Object.keys(folders).sort((a, b) => b.length - a.length);
  const read = async (path: string): Promise<string | Buffer | undefined> => {
    const text = texts[path];
    if (text !== undefined) return text;
    const prefix = prefixes.find((candidate) => path.startsWith(candidate));
    if (prefix === undefined) return undefined;
    const folder = normalize(`${folders[prefix]}/`);
    const file = join(folder, path.slice(prefix.length));
    return file.startsWith(folder) && !file.endsWith(sep) ? readFile(file).catch(() => undefined) : undefined;
  };
  const server = createServer(async (request, response) => {
    const asked = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const path = asked.endsWith("/") ? `${asked}index.html` : asked;
    const body = path === "/favicon.ico" ? "" : await read(path);
    response.setHeader("cache-control", "no-store");
    if (isolated) {
      response.setHeader("cross-origin-opener-policy", "same-origin");
      response.setHeader("cross-origin-embedder-policy", "require-corp");
    }
    if (body === undefined) {
      response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end(`${path} is not here.`);
      return;
    }
    response.writeHead(200, { "content-type": types[extname(path)] ?? "application/octet-stream" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port.");
  const close = async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { url: `http://127.0.0.1:${address.port}`, close, [Symbol.asyncDispose]: close };
}
