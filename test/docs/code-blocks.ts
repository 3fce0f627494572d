import { readFileSync } from "node:fs";
import { marked, type Token, type Tokens } from "marked";

/** A TypeScript example of a document. */
export interface CodeBlock {
  /** Such as `"README.md, block 2"`. */
  readonly name: string;
  readonly code: string;
  /** What the `text` block right after it says that it prints; undefined where there is none. */
  readonly prints: string | undefined;
  /** Why it is not run: the comment above a block marked `ts no-run`; undefined for one that is. */
  readonly notRun: string | undefined;
}

/**
 * The `ts` blocks of a document.
 *
 * @throws Error for a block marked `no-run` without a comment above that says why.
 */
export function codeBlocks(path: string, name: string): CodeBlock[] {
  const tokens = marked.lexer(readFileSync(path, "utf8")).filter(({ type }) => type !== "space");
  const blocks: CodeBlock[] = [];
  for (const [k, token] of tokens.entries()) {
    if (!isCode(token)) continue;
    const [language, ...marks] = token.lang?.split(" ") ?? [];
    if (language !== "ts") continue;
    const after = tokens[k + 1];
    const block = `${name}, block ${blocks.length + 1}`;
    blocks.push({
      name: block,
      code: token.text,
      prints: after !== undefined && isCode(after) && after.lang === "text" ? after.text : undefined,
      notRun: marks.includes("no-run") ? reasonIn(tokens[k - 1], block) : undefined,
    });
  }
  return blocks;
}

function isCode(token: Token): token is Tokens.Code {
  return token.type === "code";
}

function reasonIn(token: Token | undefined, block: string): string {
  const reason = /^<!--\s*(.+?)\s*-->$/s.exec(token?.type === "html" ? token.raw.trim() : "")?.[1];
  if (reason === undefined) throw new Error(`${block} is marked no-run; expected a comment above it that says why.`);
  return reason;
}
