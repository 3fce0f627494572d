import { DataError } from "../../errors.ts";
import { withTemporaryIndices } from "../../tensor/indices.ts";
import { withoutGradient } from "../../tensor/record.ts";
import { scope, tensorsIn } from "../../tensor/scope.ts";
import { logSoftmax } from "../../tensor/softmax.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/**
 * Sequences that are being written, in rows, as elements. A plain value that reading or selecting leaves as it is, and that holds its
 * tensors in the open, so that a scope which returns it keeps them.
 */
export interface Continuation {
  /** What was read so far, in plain objects and arrays. */
  readonly state: unknown;
  /** Reads one more element of each row, `x` `[rows, width]`, and gives what the next one is predicted from, `[rows, outputs]`. */
  step(x: Tensor): { readonly output: Tensor; readonly next: Continuation };
  /** Other rows: row `r` of the result continues row `rows[r]`, which may occur several times or not at all. */
  select(rows: Uint32Array): Continuation;
}

/** What continues rows from a state to the next, such as a stack of transformer layers. */
export interface Continuing<State> {
  step(x: Tensor, state: State): { readonly output: Tensor; readonly state: State };
  select(state: State, rows: Uint32Array): State;
}

/** Rows as they stand in a state. */
export function continuation<State>(rows: Continuing<State>, state: State): Continuation {
  return {
    state,
    step: (x) => {
      const next = rows.step(x, state);
      return { output: next.output, next: continuation(rows, next.state) };
    },
    select: (order) => continuation(rows, rows.select(state, order)),
  };
}

/** What a search writes with: {@link Continuation}, from tokens to the logits of the tokens that may follow. */
export interface TokenWriter {
  /** What was written so far. */
  readonly written: Continuation;
  /** Reads one more token of each row and gives the logits of the next one, `[rows, tokens]`. */
  step(tokens: Uint32Array): { readonly logits: Tensor; readonly next: TokenWriter };
  /** As {@link Continuation.select}: row `r` of the result continues row `rows[r]`. */
  select(rows: Uint32Array): TokenWriter;
}

/** A writer of tokens: `embed` makes `[rows, width]` of them, `project` makes logits of what the continuation gives. */
export function tokenWriter(
  written: Continuation,
  embed: (tokens: Uint32Array) => Tensor,
  project: (output: Tensor) => Tensor,
): TokenWriter {
  return {
    written,
    step(tokens) {
      const { output, next } = written.step(embed(tokens));
      return { logits: project(output), next: tokenWriter(next, embed, project) };
    },
    select: (rows) => tokenWriter(written.select(rows), embed, project),
  };
}

/** What follows one more token of each row. */
export interface WrittenStep {
  /** The logarithm of the probability of each next token, `[rows, tokens]`, row-major. */
  readonly logProbabilities: Float32Array | Float64Array;
  /** Count of tokens that may follow. */
  readonly tokens: number;
  readonly next: TokenWriter;
}

/**
 * One step without gradients. Frees the tensors of `writer` that the next step does not need: it is not to be used again.
 *
 * @throws DataError `not-finite` where a probability is not a number.
 */
export function write(writer: TokenWriter, tokens: Uint32Array): WrittenStep {
  const step = withoutGradient(() =>
    withTemporaryIndices(() =>
      scope(() => {
        const { logits, next } = writer.step(tokens);
        return { logProbabilities: logSoftmax(logits).dataSync(), tokens: logits.shape[1] ?? 0, next };
      }),
    ),
  );
  free(writer, step.next);
  if (!step.logProbabilities.some(Number.isNaN)) return step;
  throw new DataError(
    "not-finite",
    "The probability of the next token is not a number; expected a model with finite parameters. Train it again with a smaller learning rate or " +
      "with clipGradients.",
  );
}

/**
 * Other rows of a writer of `count`, without gradients. Frees the tensors of `writer` that they do not share: it is not to be used again. Nothing is
 * done for no rows, after which nothing is written, and for all of them.
 */
export function selectRows(writer: TokenWriter, rows: Uint32Array, count: number): TokenWriter {
  const isEveryRow = rows.length === count && rows.every((row, k) => row === k);
  if (isEveryRow || rows.length === 0) return writer;
  const selected = withoutGradient(() => withTemporaryIndices(() => scope(() => writer.select(rows))));
  free(writer, selected);
  return selected;
}

/**
 * Frees what `before` holds and `after` does not. A cache of all that was read would otherwise live once for each step, until the scope around
 * the search ends.
 */
function free(before: TokenWriter, after: TokenWriter): void {
  const kept = new Set(tensorsIn(after.written.state));
  for (const tensor of tensorsIn(before.written.state)) if (!kept.has(tensor)) tensor.dispose();
}
