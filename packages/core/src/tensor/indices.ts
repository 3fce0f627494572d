import type { IndexBuffer } from "../engine/buffers.ts";
import type { Engine } from "../engine/engine.ts";
import { madeOnce } from "../made-once.ts";
import { inScope, whenOutermostScopeEnds } from "./scope.ts";

/** Index arrays on their engines: freed when the array is collected, if not before. */
const uploaded = new WeakMap<Engine, WeakMap<Uint32Array, IndexBuffer>>();

const collected = new FinalizationRegistry<{ engine: Engine; buffer: IndexBuffer }>(({ engine, buffer }) =>
  engine.free(buffer),
);

/** A copy of an index array on an engine. */
interface Copy {
  readonly engine: Engine;
  readonly indices: Uint32Array;
}

/** Arrays that were uploaded before: those that come again, such as the edges of a graph, are kept from then on. */
const known = new WeakSet<Uint32Array>();

/** Copies made for the first time in the scope that is running: most are of one batch and never come again. */
let firstCopies: Copy[] = [];

whenOutermostScopeEnds(() => {
  const copies = firstCopies;
  firstCopies = [];
  freeCopies(copies);
});

/** Copies made since {@link withTemporaryIndices} began. */
let temporary: Copy[] | undefined;

/**
 * The engine's copy of an index array, made when asked for. The array must not be written to afterwards: neighborhoods and
 * sparse matrices are immutable for this reason.
 *
 * A first copy is freed with the outermost scope: training makes new index arrays for every batch, and waiting for the garbage collector
 * would let them pile up. An array that comes again is kept until it is collected.
 */
export function indexBuffer(engine: Engine, indices: Uint32Array): IndexBuffer {
  const ofEngine = madeOnce(uploaded, engine, () => new WeakMap<Uint32Array, IndexBuffer>());
  let buffer = ofEngine.get(indices);
  if (buffer === undefined) {
    buffer = engine.uploadIndices(indices);
    ofEngine.set(indices, buffer);
    collected.register(indices, { engine, buffer }, indices);
    if (temporary !== undefined) temporary.push({ engine, indices });
    else if (inScope() && !known.has(indices)) firstCopies.push({ engine, indices });
    known.add(indices);
  }
  return buffer;
}

/**
 * Runs `body` and frees every copy that {@link indexBuffer} makes in it: for index arrays of one block of a computation.
 */
export function withTemporaryIndices<T>(body: () => T): T {
  const outer = temporary;
  const mine: Copy[] = [];
  temporary = mine;
  try {
    return body();
  } finally {
    temporary = outer;
    freeCopies(mine);
  }
}

function freeCopies(copies: readonly Copy[]): void {
  for (const { engine, indices } of copies) {
    const buffer = uploaded.get(engine)?.get(indices);
    if (buffer === undefined) continue;
    uploaded.get(engine)?.delete(indices);
    collected.unregister(indices);
    engine.free(buffer);
  }
}
