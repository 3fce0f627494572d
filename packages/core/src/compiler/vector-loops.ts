import type { FunctionBuilder, Local } from "./assembler.ts";
import { VECTOR, WORD } from "./row-kernel.ts";

/** Four vector locals. */
export function quad(f: FunctionBuilder): readonly [Local, Local, Local, Local] {
  return [f.local("v128"), f.local("v128"), f.local("v128"), f.local("v128")];
}

/** Stores the first `valid` lanes of a vector. */
export function storeLanes(
  f: FunctionBuilder,
  pushAddress: () => void,
  value: Local,
  immediate: number,
  valid: number,
): void {
  pushAddress();
  f.get(value);
  if (valid === 4) f.at("v128.store", immediate);
  else if (valid === 1) f.laneAt("v128.store32_lane", 0, immediate);
  else {
    f.laneAt("v128.store64_lane", 0, immediate);
    if (valid === 3) {
      pushAddress();
      f.get(value).laneAt("v128.store32_lane", 2, immediate + 2 * WORD);
    }
  }
}

/**
 * Runs `body` over the vectors of a head; `offset` holds the byte offset of the head, and is left as it was. The code of `body` is repeated
 * for at most so many whole vectors.
 */
export function forEachVector(
  f: FunctionBuilder,
  width: number,
  offset: Local,
  body: (offset: Local, immediate: number, valid: number) => void,
  repeated = 2,
): void {
  const whole = width >> 2;
  const rest = width & 3;
  if (whole > repeated) countVectors(f, offset, whole * VECTOR, (c) => body(c, 0, 4));
  else for (let v = 0; v < whole; v++) body(offset, v * VECTOR, 4);
  if (rest > 0) body(offset, whole * VECTOR, rest);
}

/**
 * {@link forEachVector} in one loop, whose last vector may have channels of the next head, or none, in its last lanes: those from `end` on, which
 * holds the byte offset of the head's end.
 */
export function forEachMaskedVector(
  f: FunctionBuilder,
  width: number,
  offset: Local,
  body: (offset: Local, immediate: number, valid: number, end: Local) => void,
): void {
  countVectors(f, offset, width * WORD, (c, end) => body(c, 0, width & 3, end));
}

/** Counts from an offset on, in vectors, over so many bytes. */
function countVectors(
  f: FunctionBuilder,
  offset: Local,
  bytes: number,
  body: (offset: Local, end: Local) => void,
): void {
  const [c, end] = [f.local("i32"), f.local("i32")];
  f.get(offset).tee(c).i32(bytes).op("i32.add").set(end);
  f.countTo(c, end, VECTOR, () => body(c, end));
}
