import { OptionError, ShapeError } from "../../errors.ts";
import { Expression, partsOf, type Rank } from "../../expression/expression.ts";
import { MatrixSymbol } from "../../expression/matrix-symbol.ts";

/** The heads of a layer, and the width of the vectors that a score sees. */
export interface HeadShape {
  /** Count of heads. */
  readonly heads: number;
  /** Width of query and key, for each head. */
  readonly channels: number;
}

/** What a parameter is for each head. */
export type ParameterRank = Rank | "matrix";

/**
 * The parameters of a score by name: `"vector"` is `[heads, channels]`, `"scalar"` is `[heads]`, `"matrix"` is
 * `[heads, channels, channels]`.
 */
export type ParameterRanks = Readonly<Record<string, ParameterRank>>;

/** The shape of a parameter's tensor. */
export function parameterShape(rank: ParameterRank, { heads, channels }: HeadShape): readonly number[] {
  switch (rank) {
    case "scalar":
      return [heads];
    case "vector":
      return [heads, channels];
    case "matrix":
      return [heads, channels, channels];
  }
}

/** What stands for a parameter in a score: a matrix is applied to vectors by `x.transform(w)`, the others are expressions. */
export type ParameterSymbol<Of extends ParameterRank> = Of extends "matrix" ? MatrixSymbol : Expression;

/** What a score is written on. */
export type ScoreSymbols<Parameters extends ParameterRanks> = {
  /** Of the receiver, a vector. */
  readonly query: Expression;
  /** Of the sender, a vector. */
  readonly key: Expression;
  /** Of the pair, of the rank that the score declares. */
  readonly edge: Expression;
} & { readonly [Name in keyof Parameters]: ParameterSymbol<Parameters[Name]> };

/** How a score is defined. */
export interface ScoreDefinition<Parameters extends ParameterRanks> {
  /** The learned parameters; `{}` for none. Their names must differ from `query`, `key` and `edge`. */
  readonly parameters: Parameters;
  /** What each edge brings: `"vector"` is `[edges, heads, channels]`, `"scalar"` is `[edges, heads]`. Default `"none"`. */
  readonly edge?: Rank | "none";
  /** The relevance of a sender to a receiver, a scalar expression. */
  readonly score: (symbols: ScoreSymbols<Parameters>, shape: HeadShape) => Expression;
}

/** The second of the four choices: how relevant a sender is to a receiver. A value; made by {@link defineScore}. */
export interface Score<Parameters extends ParameterRanks = ParameterRanks> {
  /** What errors and explanations call it, in kebab-case. */
  readonly name: string;
  /** The learned parameters by name, with their ranks. */
  readonly parameters: Parameters;
  /** What each edge brings. */
  readonly edge: Rank | "none";
  /**
   * The expression for these heads: what engines evaluate, differentiate and compile.
   *
   * @throws ShapeError `not-a-score` when the definition gives a vector, or uses `edge` without declaring it.
   */
  expression(shape: HeadShape): Expression;
}

/**
 * Defines a score from an expression. The gradient, the kernels of each engine and the printed formula follow from it.
 *
 * ```ts
 * const gaussian = defineScore("gaussian", {
 *   parameters: { width: "scalar" },
 *   score: ({ query, key, width }) => query.subtract(key).square().sum().multiply(width).negate(),
 * });
 * ```
 *
 * @throws OptionError `reserved-name` for a parameter called `query`, `key` or `edge`. `expression` of the score throws ShapeError `not-a-score` unless the
 * expression is one number for each head, and reads `edge` exactly where that is declared.
 */
export function defineScore<const Parameters extends ParameterRanks>(
  name: string,
  { parameters, edge = "none", score }: ScoreDefinition<Parameters>,
): Score<Parameters> {
  for (const reserved of ["query", "key", "edge"]) {
    if (Object.hasOwn(parameters, reserved)) {
      throw new OptionError(
        "reserved-name",
        `defineScore("${name}"): got a parameter called "${reserved}"; expected another name, that one is an input of every score.`,
      );
    }
  }
  const symbols: Record<string, Expression | MatrixSymbol> = {
    query: Expression.symbol("query", "query", "vector"),
    key: Expression.symbol("key", "key", "vector"),
    edge: Expression.symbol("edge", "edge", edge === "none" ? "vector" : edge),
  };
  for (const [parameter, rank] of Object.entries(parameters)) {
    symbols[parameter] =
      rank === "matrix" ? new MatrixSymbol(parameter) : Expression.symbol(parameter, "parameter", rank);
  }
  return {
    name,
    parameters,
    edge,
    expression(shape) {
      if (!isSymbolsOf(parameters, symbols)) throw new ShapeError("not-a-score", `${name}: its parameters changed.`);
      const expression = score(symbols, shape);
      checkExpression(name, edge, expression);
      return expression;
    },
  };
}

function isSymbolsOf<Parameters extends ParameterRanks>(
  parameters: Parameters,
  symbols: Record<string, Expression | MatrixSymbol>,
): symbols is Record<string, Expression | MatrixSymbol> & ScoreSymbols<Parameters> {
  return ["query", "key", "edge", ...Object.keys(parameters)].every((symbol) => Object.hasOwn(symbols, symbol));
}

function checkExpression(name: string, edge: Rank | "none", expression: Expression): void {
  if (expression.rank !== "scalar") {
    throw new ShapeError(
      "not-a-score",
      `defineScore("${name}"): got a vector; expected one number for each head. End it with dot(...) or sum().`,
    );
  }
  const usesEdge = partsOf(expression).some(({ node }) => node.kind === "symbol" && node.side === "edge");
  if (usesEdge !== (edge !== "none")) {
    throw new ShapeError(
      "not-a-score",
      usesEdge
        ? `defineScore("${name}"): the score uses \`edge\`; expected the option edge: "vector" or "scalar" to say what each edge brings.`
        : `defineScore("${name}"): edge: "${edge}" is declared but the score does not use \`edge\`; expected it to, or no declaration.`,
    );
  }
}
