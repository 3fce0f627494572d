import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The modules by which packages are imported. */
const indexes = [
  "packages/core/src/index.ts",
  "packages/core/src/node/index.ts",
  "packages/core/src/testing/index.ts",
  "packages/graph/src/index.ts",
  "packages/graph/src/conformance/index.ts",
  "packages/datasets/src/index.ts",
  "packages/molecules/src/index.ts",
];

/** What a public name does not say of itself. */
export interface Undocumented {
  /** Such as `"packages/graph/src/layers/gat.ts: GATConv"`. */
  readonly where: string;
  /** An optional field of options, or the class of an error. */
  readonly what: string;
}

/** What was looked at, and what is missing. */
export interface Documented {
  /** Count of public names. */
  readonly names: number;
  /** Count of optional fields of options. */
  readonly optionalFields: number;
  /** Count of functions, constructors and methods that throw by themselves. */
  readonly throwing: number;
  /** Public names without a comment. */
  readonly withoutComment: readonly string[];
  /** Optional fields of options whose comment does not say what holds when they are left out. */
  readonly withoutDefault: readonly Undocumented[];
  /** Functions whose comment does not name an error that their body throws. */
  readonly withoutError: readonly Undocumented[];
}

const sources = new Map<string, ts.SourceFile>();

function sourceOf(path: string): ts.SourceFile {
  let source = sources.get(path);
  if (source === undefined) {
    source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
    sources.set(path, source);
  }
  return source;
}

/** A statement that declares a name, and of a variable its initializer. */
interface Declared {
  readonly statement: ts.Statement;
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
      for (const { name: declared, initializer } of statement.declarationList.declarations) {
        if (declared.getText() === name) found.push({ statement, initializer });
      }
    } else if (isNamed(statement) && statement.name?.text === name) found.push({ statement, initializer: undefined });
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

function commentOf(node: ts.Node): string {
  const { text } = node.getSourceFile();
  const comments = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  const last = comments.filter(({ pos }) => text.startsWith("/**", pos)).at(-1);
  return last === undefined ? "" : text.slice(last.pos, last.end);
}

/** The classes of errors that a body throws by itself, functions within it included. */
function thrownBy(body: ts.Node): Set<string> {
  const names = new Set<string>();
  const look = (node: ts.Node): void => {
    if (ts.isThrowStatement(node) && ts.isNewExpression(node.expression))
      names.add(node.expression.expression.getText());
    ts.forEachChild(node, look);
  };
  look(body);
  return names;
}

/** The fields of a type of options. */
function fieldsOf(statement: ts.Statement): ts.TypeElement[] {
  if (ts.isInterfaceDeclaration(statement)) return [...statement.members];
  const fields: ts.TypeElement[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isTypeLiteralNode(node)) fields.push(...node.members);
    else ts.forEachChild(node, look);
  };
  if (ts.isTypeAliasDeclaration(statement)) look(statement.type);
  return fields;
}

/** Functions of a public name, each with all comments that speak of it. */
function* functionsOf(name: string, { statement, initializer }: Declared, comment: string) {
  if (ts.isFunctionDeclaration(statement)) yield { name, body: statement.body, comment };
  if (initializer !== undefined && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))) {
    yield { name, body: initializer.body, comment };
  }
  if (!ts.isClassDeclaration(statement)) return;
  for (const member of statement.members) {
    const isHidden =
      ts.canHaveModifiers(member) && ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
    if (isHidden || (member.name !== undefined && ts.isPrivateIdentifier(member.name))) continue;
    if (ts.isConstructorDeclaration(member)) {
      yield { name: `${name} (constructor)`, body: member.body, comment: commentOf(member) + comment };
    } else if (ts.isMethodDeclaration(member) || ts.isGetAccessor(member)) {
      yield { name: `${name}.${member.name.getText()}`, body: member.body, comment: commentOf(member) + comment };
    }
  }
}

/** Looks at all that packages export. */
export function lookAtDocumentation(): Documented {
  const withoutComment: string[] = [];
  const withoutDefault: Undocumented[] = [];
  const withoutError: Undocumented[] = [];
  let [optionalFields, throwing] = [0, 0];
  const seen = new Set<string>();
  for (const index of indexes) {
    for (const { original: name, from } of reExports(sourceOf(join(root, index)))) {
      if (seen.has(`${from} ${name}`)) continue;
      seen.add(`${from} ${name}`);
      const where = `${relative(root, from)}: ${name}`;
      const declared = declarationsOf(from, name);
      const comment = declared.map(({ statement }) => commentOf(statement)).join("\n");
      if (comment.trim() === "") withoutComment.push(where);
      for (const each of declared) {
        for (const field of name.endsWith("Options") ? fieldsOf(each.statement) : []) {
          if (!ts.isPropertySignature(field) || field.questionToken === undefined) continue;
          optionalFields++;
          if (!/\bdefault/i.test(commentOf(field))) withoutDefault.push({ where, what: field.name.getText() });
        }
        for (const one of functionsOf(name, each, comment)) {
          const thrown = one.body === undefined ? new Set<string>() : thrownBy(one.body);
          if (thrown.size > 0) throwing++;
          for (const error of thrown) {
            if (!new RegExp(`\\b${error}\\b`).test(one.comment)) {
              withoutError.push({ where: `${relative(root, from)}: ${one.name}`, what: error });
            }
          }
        }
      }
    }
  }
  return { names: seen.size, optionalFields, throwing, withoutComment, withoutDefault, withoutError };
}
