/**
 * The bytes of a WebAssembly module whose only function multiplies and adds vectors in registers and touches no memory: what 128-bit SIMD can do
 * at most on the machine that runs it, without fused multiply-add, which WebAssembly's fixed-width SIMD does not have.
 *
 * `peak(count, a, b)` computes `count * stepsPerCount` steps `c = a * c + b` in each of `chains` vectors of four numbers, which begin at
 * 0, 1, 2, ..., and gives the first lane of their sum.
 */

/** Vectors that are computed side by side: with `a` and `b` as many registers as x86-64 has for them, and more than the latency of a step. */
export const chains = 13;
/** Steps of each chain in one turn of the loop. */
export const stepsPerCount = 4;
/** Multiplications and additions in one turn of the loop. */
export const operationsPerCount = chains * stepsPerCount * 4 * 2;

/** The function that the module exports. */
export type Peak = (count: number, a: number, b: number) => number;

const i32 = 0x7f;
const f32 = 0x7d;
const v128 = 0x7b;
const localGet = (index: number): number[] => [0x20, index];
const localSet = (index: number): number[] => [0x21, index];
const vector = (operation: number): number[] => [0xfd, ...unsigned(operation)];
const splat = vector(0x13);
const firstLane = [...vector(0x1f), 0];
const add = vector(0xe4);
const multiply = vector(0xe6);

/** The unsigned number in LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** How many there are, then each. */
function list(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function loop(): number[] {
  const [count, a, b, left, right, first] = [0, 1, 2, 3, 4, 5];
  const each = Array.from({ length: chains }, (_, k) => first + k);
  const step = each.flatMap((c) => [
    ...localGet(c),
    ...localGet(left),
    ...multiply,
    ...localGet(right),
    ...add,
    ...localSet(c),
  ]);
  return [
    ...[...localGet(a), ...splat, ...localSet(left)],
    ...[...localGet(b), ...splat, ...localSet(right)],
    // f32.convert_i32_u of the number of the chain: none may be computed from another.
    ...each.flatMap((c, k) => [0x41, k, 0xb3, ...splat, ...localSet(c)]),
    ...[0x03, 0x40],
    ...Array.from({ length: stepsPerCount }, () => step).flat(),
    // count = count - 1, and again unless it is 0.
    ...[...localGet(count), 0x41, 1, 0x6b, 0x22, count, 0x0d, 0],
    0x0b,
    ...localGet(first),
    ...each.slice(1).flatMap((c) => [...localGet(c), ...add]),
    ...firstLane,
    0x0b,
  ];
}

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const body = [...list([[2 + chains, v128]]), ...loop()];
  const name = [...new TextEncoder().encode("peak")];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list([[0x60, ...list([[i32], [f32], [f32]]), ...list([[f32]])]])),
    ...section(3, list([[0]])),
    ...section(7, list([[name.length, ...name, 0x00, 0]])),
    ...section(10, list([[...unsigned(body.length), ...body]])),
  ]);
}

/** The function, compiled. */
export function compilePeak(): Peak {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes()));
  const peak = exports["peak"];
  if (typeof peak !== "function") throw new Error("the module exports no function peak.");
  return (count, a, b) => Number(peak(count, a, b));
}
