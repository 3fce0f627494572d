import ts from "typescript";
import { commentOf, type Declared, publicNames } from "./public-declarations.ts";

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
  const names = publicNames();
  for (const { name, where, declared, comment } of names) {
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
            withoutError.push({ where: where.replace(/: .*$/, `: ${one.name}`), what: error });
          }
        }
      }
    }
  }
  return { names: names.length, optionalFields, throwing, withoutComment, withoutDefault, withoutError };
}
