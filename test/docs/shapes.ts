import ts from "typescript";
import { commentOf, publicNames } from "./public-declarations.ts";

/**
 * Types that hold numbers one after the other. Not `Uint8Array`, which is a file: bytes have no shape.
 * By how a type is written, so that a field of an interface is looked at where that interface is declared.
 */
const numbers = /\b(Tensor|Matrix|(Float|Int|Uint)(16|32|64)Array)\b|ArrayLike<number>|\bnumber\[\]/;

/**
 * How a comment states a shape or a length:
 * `[nodes, heads]`; `lengths[b]` is …; "of each edge"; "one for each", "one a target"; "`rows + 1` starts"; "as many numbers"; "four numbers"; "one number"; "any count"; "any shape",
 * "its own shape"; "element by element".
 */
const statement = new RegExp(
  [
    String.raw`(?<![\w)\]])\[(?=\d+\]|[^\]]*(?:[a-z]|\.\.\.))[^[\]]+\]`,
    String.raw`\b\w+\[\w+\]`,
    String.raw`\b(?:of|for|to|at|by|from) (?:each|every) \w+`,
    String.raw`\bone (?:number |value |row )?(?:for|per|an?) \w+`,
    "`[^`]+` (?:whole |ascending )?(?:numbers|starts|row starts|lengths)",
    String.raw`\bas many \w+|\b(?:two|three|four|six) numbers\b|\bone (?:number|element)\b`,
    String.raw`\b(?:any|same) (?:count|number|length)\b|\bone or more\b`,
    String.raw`\b(?:any|same|the|this|that|own|its|their|whose) shapes?\b`,
    String.raw`\b(\w+) by \1\b`,
  ].join("|"),
  "gi",
);

/** What speaks of what is taken and of what is given at once. */
const ofBoth = /\b(any|same|own|their) shapes?\b|\bto the same\b|\b(\w+) by \2\b/i;

/** What leaves the shapes to another comment, to which the reader is led. */
const elsewhere = /^\/\*\*[\s*]*(`forward`|\{@link forward\}|As \{@link)/;

/** What was looked at, and whose comment states no shape. */
export interface StatedShapes {
  /** Count of public functions, methods, fields and constants that take, give or hold numbers. */
  readonly looked: number;
  readonly unstated: readonly string[];
}

/** The text of a comment in which a shape may be stated: not of errors, which say what it is not, nor formulas. */
function textOf(comment: string): string {
  return comment
    .replaceAll(/```math[\s\S]*?```/g, "")
    .replaceAll(/\{@link [^}]*\}|\]\([^)]*\)/g, "")
    .replaceAll(/@throws [\s\S]*?(?=\n\s*\* @|\*\/)/g, "")
    .replaceAll(/\s*\n\s*\*?\s*/g, " ");
}

/** Whether a type has such numbers, other than those that functions within it take and give. */
function holdsNumbers(type: ts.Node | undefined): boolean {
  if (type === undefined || ts.isFunctionTypeNode(type) || ts.isMethodSignature(type)) return false;
  if (ts.isTypeReferenceNode(type) || ts.isArrayTypeNode(type)) return numbers.test(type.getText());
  return ts.forEachChild(type, holdsNumbers) ?? false;
}

/** Whether the comment of what takes so many arrays, and gives one or none, states as many shapes. */
export function statesShapes(comment: string, taken: number, isGiven: boolean): boolean {
  const text = textOf(comment);
  const stated = [...text.matchAll(statement)].length;
  if (elsewhere.test(comment)) return true;
  return stated >= taken + Number(isGiven) || (stated > 0 && ofBoth.test(text));
}

/** What a declaration takes, gives or holds, with its comment; one without a comment has that of what it implements. */
function* statementsOf(where: string, node: ts.Node, comment: string): Generator<{ where: string; isStated: boolean }> {
  // A shape is a list of numbers, and states itself.
  if (/shape$/i.test(where)) return;
  if (ts.isFunctionLike(node)) {
    const taken = node.parameters.filter(({ name, type }) => holdsNumbers(type) && !/shape$/i.test(name.getText()));
    const isGiven = holdsNumbers(node.type);
    if (taken.length > 0 || isGiven) yield { where, isStated: statesShapes(comment, taken.length, isGiven) };
  } else if (ts.isTypeNode(node) && holdsNumbers(node)) yield { where, isStated: statesShapes(comment, 1, false) };
}

/** The same for each member of an interface, a class or an object type that its user sees. */
function* membersOf(where: string, node: ts.Node): Generator<{ where: string; isStated: boolean }> {
  if (ts.isFunctionTypeNode(node)) return;
  if (!(ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node) || ts.isTypeLiteralNode(node))) {
    for (const child of node.getChildren()) yield* membersOf(where, child);
    return;
  }
  for (const member of node.members) {
    const comment = commentOf(member);
    const modifiers = ts.canHaveModifiers(member) ? (ts.getModifiers(member) ?? []) : [];
    const isHidden = modifiers.some(
      ({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.ProtectedKeyword,
    );
    if (isHidden || comment === "" || comment.includes("@internal")) continue;
    if (member.name !== undefined && ts.isPrivateIdentifier(member.name)) continue;
    const name = ts.isConstructorDeclaration(member) ? "constructor" : (member.name?.getText() ?? "");
    const isField = ts.isPropertySignature(member) || ts.isPropertyDeclaration(member) || ts.isGetAccessor(member);
    const node = isField ? member.type : member;
    if (node !== undefined) yield* statementsOf(`${where}.${name}`, node, comment);
  }
}

/** Looks at all that packages export. */
export function lookAtShapes(): StatedShapes {
  const found = publicNames().flatMap(({ where, declared, comment }) =>
    declared.flatMap(({ statement, type, initializer }) => {
      if (ts.isFunctionDeclaration(statement)) return [...statementsOf(where, statement, comment)];
      if (ts.isTypeAliasDeclaration(statement)) {
        return [...statementsOf(where, statement.type, comment), ...membersOf(where, statement.type)];
      }
      if (ts.isVariableStatement(statement)) return [...statementsOf(where, type ?? initializer ?? statement, comment)];
      return [...membersOf(where, statement)];
    }),
  );
  return { looked: found.length, unstated: found.filter(({ isStated }) => !isStated).map((each) => each.where) };
}
