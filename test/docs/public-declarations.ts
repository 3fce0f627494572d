import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The modules by which packages are imported. */
const indexes = [
  "packages/core/src/index.ts",
  "packages/core/src/engine/reference/index.ts",
  "packages/core/src/node/index.ts",
  "packages/core/src/conformance/index.ts",
  "packages/graph/src/index.ts",
  "packages/graph/src/conformance/index.ts",
  "packages/datasets/src/index.ts",
  "packages/molecules/src/index.ts",
];

const sources = new Map<string, ts.SourceFile>();

function sourceOf(path: string): ts.SourceFile {
  let source = sources.get(path);
  if (source === undefined) {
    source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
    sources.set(path, source);
  }
  return source;
}

/** A statement that declares a name, and of a variable its type and its initializer. */
export interface Declared {
  readonly statement: ts.Statement;
  readonly type: ts.TypeNode | undefined;
  readonly initializer: ts.Expression | undefined;
}

function* reExports(source: ts.SourceFile): Generator<{ name: string; original: string; from: string }> {
  for (const statement of source.statements) {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined) continue;
    if (!ts.isStringLiteral(statement.moduleSpecifier) || !statement.moduleSpecifier.text.startsWith(".")) continue;
    if (statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause)) continue;
    const from = join(dirname(source.fileName), statement.moduleSpecifier.text);
    for (const { name, propertyName } of statement.exportClause.elements) {
      yield { name: name.text, original: (propertyName ?? name).text, from };
    }
  }
}

/** Where a name is declared: overloads and a type of the same name all. */
function declarationsOf(path: string, name: string): Declared[] {
  const source = sourceOf(path);
  const found: Declared[] = [];
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement)) {
      for (const { name: declared, type, initializer } of statement.declarationList.declarations) {
        if (declared.getText() === name) found.push({ statement, type, initializer });
      }
    } else if (isNamed(statement) && statement.name?.text === name) {
      found.push({ statement, type: undefined, initializer: undefined });
    }
  }
  for (const { name: exported, original, from } of reExports(source)) {
    if (exported === name) found.push(...declarationsOf(from, original));
  }
  for (const statement of source.statements) {
    // `import { type A } from …; export type { A };`
    if (found.length > 0 || !ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier))
      continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings) || !statement.moduleSpecifier.text.startsWith("."))
      continue;
    for (const element of bindings.elements) {
      if (element.name.text !== name) continue;
      found.push(
        ...declarationsOf(
          join(dirname(path), statement.moduleSpecifier.text),
          (element.propertyName ?? element.name).text,
        ),
      );
    }
  }
  return found;
}

function isNamed(
  node: ts.Node,
): node is ts.FunctionDeclaration | ts.ClassDeclaration | ts.InterfaceDeclaration | ts.TypeAliasDeclaration {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node)
  );
}

/** The doc comment of a declaration; empty where there is none. */
export function commentOf(node: ts.Node): string {
  const { text } = node.getSourceFile();
  const comments = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  const last = comments.filter(({ pos }) => text.startsWith("/**", pos)).at(-1);
  return last === undefined ? "" : text.slice(last.pos, last.end);
}

/** A name that packages export, and all that declares it. */
export interface PublicName {
  readonly name: string;
  /** Such as `"packages/graph/src/layers/gat.ts: GATConv"`. */
  readonly where: string;
  readonly declared: readonly Declared[];
  /** The doc comments of all its declarations. */
  readonly comment: string;
}

/** All that packages export, each once. */
export function publicNames(): PublicName[] {
  const names = new Map<string, PublicName>();
  for (const index of indexes) {
    for (const { original: name, from } of reExports(sourceOf(join(root, index)))) {
      const where = `${relative(root, from)}: ${name}`;
      if (names.has(where)) continue;
      const declared = declarationsOf(from, name);
      names.set(where, {
        name,
        where,
        declared,
        comment: declared.map((each) => commentOf(each.statement)).join("\n"),
      });
    }
  }
  return [...names.values()];
}
