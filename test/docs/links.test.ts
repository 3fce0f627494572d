import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { marked, type Token } from "marked";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const repository = "https://github.com/vicinal/vicinal/";

const documents = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
  (path) => path.endsWith(".md") && !/(^|\/)(node_modules|dist|api|output|\.[^/]*)\//.test(path),
);

/** The addresses of a document's links and pictures. */
function linksOf(text: string): string[] {
  const links: string[] = [];
  marked.walkTokens(marked.lexer(text), (token: Token) => {
    if (token.type === "link" || token.type === "image") links.push(String(token["href"]));
  });
  return links;
}

/** The anchors of a document's headings, by GitHub's rule. */
function anchorsOf(text: string): string[] {
  return marked
    .lexer(text)
    .flatMap((token) => (token.type === "heading" ? [String(token["text"])] : []))
    .map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    );
}

/** Where a link within the repository leads; undefined for one that leads elsewhere. */
function targetOf(document: string, link: string): { path: string; anchor: string | undefined } | undefined {
  const [address = "", anchor] = link.split("#");
  if (address.startsWith(repository)) {
    return { path: address.slice(repository.length).replace(/^(blob|tree)\/main\//, ""), anchor };
  }
  if (/^[a-z]+:/.test(address)) return undefined;
  return { path: address === "" ? document : join(dirname(document), address), anchor };
}

describe("the links in the documents", () => {
  it("are found", () => {
    expect(documents).toContain("README.md");
    expect(documents.length).toBeGreaterThan(5);
  });

  it.each(documents)("lead somewhere: %s", (document) => {
    const broken = linksOf(readFileSync(join(root, document), "utf8")).filter((link) => {
      const target = targetOf(document, link);
      if (target === undefined) return false;
      const path = join(root, target.path);
      if (!existsSync(path)) return true;
      return target.anchor !== undefined && !anchorsOf(readFileSync(path, "utf8")).includes(target.anchor);
    });
    expect(broken).toEqual([]);
  });
});
