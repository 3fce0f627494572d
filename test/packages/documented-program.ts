import { readFileSync } from "node:fs";
import { marked } from "marked";
import ts from "typescript";

/** A program that a document shows, and what it says that it prints. */
export interface DocumentedProgram {
  readonly code: string;
  readonly prints: string;
}

/**
 * The first example of a document that says right below it what it prints.
 *
 * @throws Error for a document without one.
 */
export function firstProgram(path: string): DocumentedProgram {
  const blocks = marked.lexer(readFileSync(path, "utf8")).filter(({ type }) => type !== "space");
  for (const [k, block] of blocks.entries()) {
    const next = blocks[k + 1];
    if (block.type === "code" && block["lang"] === "ts" && next?.type === "code" && next["lang"] === "text") {
      return { code: String(block["text"]), prints: String(next["text"]) };
    }
  }
  throw new Error(`${path}: got no example; expected a \`ts\` block and what it prints in a \`text\` block.`);
}

/** The program without its types, for a Node that does not strip them itself. */
export function withoutTypes(code: string): string {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022, verbatimModuleSyntax: true };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}
