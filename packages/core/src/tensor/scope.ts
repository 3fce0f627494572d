import { TensorError } from "../errors.ts";

/** What a scope can own. */
export interface Scoped {
  /** @internal */
  owner: Scope | undefined;
  /** @internal */
  dispose(): void;
  /** @internal Called when it is in no scope any more and lives on. */
  outlive(): void;
}

/** The tensors made since a scope began. */
export interface Scope {
  readonly members: Set<Scoped>;
  readonly outer: Scope | undefined;
}

let current: Scope | undefined;
let atOutermostEnd: (() => void) | undefined;

/** Whether a scope is running. */
export function inScope(): boolean {
  return current !== undefined;
}

/** Says what is to be freed when a scope ends that is in no other, beside its tensors. */
export function whenOutermostScopeEnds(free: () => void): void {
  atOutermostEnd = free;
}

/** Puts a new tensor into the scope that is running; false if none is. */
export function enter(member: Scoped): boolean {
  if (current === undefined) return false;
  member.owner = current;
  current.members.add(member);
  return true;
}

/** Whether a tensor belongs to the scope that is running. */
export function isOfThisScope({ owner }: Scoped): boolean {
  return owner !== undefined && owner === current;
}

/** Takes a tensor out of its scope: from now on it lives as long as it is referenced. */
export function leave(member: Scoped): void {
  if (member.owner === undefined) return;
  member.owner.members.delete(member);
  member.owner = undefined;
  member.outlive();
}

/**
 * Runs `body` and frees every tensor that was made in it, except those that it returns: a tensor, an array of them, or an object
 * whose fields hold them (looked at to any depth of arrays and plain objects). Returned tensors belong to the scope around, if
 * there is one. Parameters of modules are never freed by a scope.
 *
 * `body` must be synchronous: a scope that waits would free what other code made in the meantime.
 *
 * @throws TensorError `asynchronous-scope` when `body` returns a promise.
 */
export function scope<T>(body: () => T extends PromiseLike<unknown> ? never : T): T {
  const mine: Scope = { members: new Set(), outer: current };
  current = mine;
  let result: T;
  try {
    result = body();
    if (isPromise(result)) {
      throw new TensorError(
        "asynchronous-scope",
        "scope: got a function that returns a promise; expected a synchronous one. Await outside of the scope.",
      );
    }
    for (const kept of tensorsIn(result)) moveOut(kept, mine);
  } finally {
    current = mine.outer;
    for (const member of mine.members) member.dispose();
    if (current === undefined) atOutermostEnd?.();
  }
  return result;
}

function moveOut(member: Scoped, from: Scope): void {
  if (member.owner !== from) return;
  from.members.delete(member);
  member.owner = from.outer;
  if (from.outer === undefined) member.outlive();
  else from.outer.members.add(member);
}

function isPromise(value: unknown): boolean {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

function isScoped(value: object): value is Scoped {
  return "owner" in value && "dispose" in value;
}

/** What a scope can own in a value, to any depth of arrays, maps and plain objects. */
export function* tensorsIn(value: unknown): Generator<Scoped> {
  if (typeof value !== "object" || value === null) return;
  if (isScoped(value)) {
    yield value;
  } else if (Array.isArray(value)) {
    for (const item of value) yield* tensorsIn(item);
  } else if (value instanceof Map) {
    for (const item of value.values()) yield* tensorsIn(item);
  } else if (Object.getPrototypeOf(value) === Object.prototype) {
    for (const item of Object.values(value)) yield* tensorsIn(item);
  }
}
