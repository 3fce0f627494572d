/** A `Map` or a `WeakMap`. */
interface Kept<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): unknown;
}

/** What is kept for a key, made when first asked for. */
export function madeOnce<Key, Value>(kept: Kept<Key, Value>, key: Key, make: (key: Key) => Value): Value {
  let value = kept.get(key);
  if (value === undefined) {
    value = make(key);
    kept.set(key, value);
  }
  return value;
}
