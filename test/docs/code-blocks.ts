import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { marked, type Token, type Tokens } from "marked";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A block of code in a document. */
export interface CodeBlock {
  /** Such as `"README.md, block 2"`: the second of its language in that document. */
  readonly name: string;
  /** Where the document is, from the root of the repository. */
  readonly document: string;
  /** What stands behind the three backticks first: `"ts"`, `"sh"`, `"python"`, …; empty where nothing does. */
  readonly language: string;
  readonly code: string;
  /** What the `text` block right after it says that it prints; undefined where there is none. */
  readonly prints: string | undefined;
  /** Why it is not run: the comment above a block marked `no-run`; undefined for one that is. */
  readonly notRun: string | undefined;
  /** Whether it runs in a page: marked `page`. */
  readonly isForPage: boolean;
  /** The file that it is, for other blocks of the document: marked `file=worker.ts`. */
  readonly file: string | undefined;
  /** The picture that it prints, beside the document: marked `draws=picture.svg`. */
  readonly draws: string | undefined;
}

/** Every document with code: the README files of the repository, its packages, examples and tests, and the guides. */
export const documents: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ".changeset/README.md",
  ...["packages", "examples", "examples/plugins", "test"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}/README.md`),
  ),
  ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`),
].filter((path) => path.endsWith(".md") && existsSync(join(root, path)));

/**
 * The blocks of a document.
 *
 * @throws Error for a block marked `no-run` without a comment above that says why, or with a mark that means nothing.
 */
export function codeBlocks(document: string): CodeBlock[] {
  const tokens = marked.lexer(readFileSync(join(root, document), "utf8")).filter(({ type }) => type !== "space");
  const blocks: CodeBlock[] = [];
  for (const [k, token] of tokens.entries()) {
    if (!isCode(token) || token.codeBlockStyle === "indented") continue;
    const [language = "", ...marks] = token.lang?.split(" ") ?? [];
    const after = tokens[k + 1];
    const number = blocks.filter((block) => block.language === language).length + 1;
    const name = `${document}, ${language === "" || language === "ts" ? "" : `${language} `}block ${number}`;
    const unknown = marks.find((mark) => !/^(no-run|page|file=.+|draws=.+)$/.test(mark));
    if (unknown !== undefined) throw new Error(`${name} is marked ${unknown}, which means nothing.`);
    blocks.push({
      name,
      document,
      language,
      code: token.text,
      prints: after !== undefined && isCode(after) && after.lang === "text" ? after.text : undefined,
      notRun: marks.includes("no-run") ? reasonIn(tokens[k - 1], name) : undefined,
      isForPage: marks.includes("page"),
      file: markOf(marks, "file"),
      draws: markOf(marks, "draws"),
    });
  }
  return blocks;
}

/** The commands in a line of text of a document: `npm run bench -- --only attention`. */
export function commandsInLine(document: string): string[] {
  const commands: string[] = [];
  marked.walkTokens(marked.lexer(readFileSync(join(root, document), "utf8")), (token) => {
    if (token.type === "codespan" && /^(npm|pnpm) /.test(String(token["text"]))) commands.push(String(token["text"]));
  });
  return commands;
}

function isCode(token: Token): token is Tokens.Code {
  return token.type === "code";
}

function markOf(marks: readonly string[], name: string): string | undefined {
  return marks.find((mark) => mark.startsWith(`${name}=`))?.slice(name.length + 1);
}

function reasonIn(token: Token | undefined, block: string): string {
  const reason = /^<!--\s*(.+?)\s*-->$/s.exec(token?.type === "html" ? token.raw.trim() : "")?.[1];
  if (reason === undefined) throw new Error(`${block} is marked no-run; expected a comment above it that says why.`);
  return reason;
}
