import { readFileSync } from "node:fs";
import ts from "typescript";

/** What an `index.ts` exports, each list sorted. */
export interface PublicNames {
  /** Names that exist at run time. */
  readonly values: readonly string[];
  readonly types: readonly string[];
}

/**
 * Reads the names that a module of re-exports names.
 *
 * @throws Error for a statement that is no list of names: `export *` hides what is public.
 */
export function publicNames(path: string): PublicNames {
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest);
  const values: string[] = [];
  const types: string[] = [];
  for (const statement of source.statements) {
    if (!ts.isExportDeclaration(statement) || !statement.exportClause || !ts.isNamedExports(statement.exportClause)) {
      throw new Error(`${path}: got a ${ts.SyntaxKind[statement.kind]}; expected lists of names alone.`);
    }
    for (const { name, isTypeOnly } of statement.exportClause.elements) {
      (statement.isTypeOnly || isTypeOnly ? types : values).push(name.text);
    }
  }
  return { values: values.sort(), types: types.sort() };
}
