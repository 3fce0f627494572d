/** Header of a module: magic number and version. */
const HEADER = 8;
const IMPORT_SECTION = 2;
/** Bit of a memory's limits that says that threads share it. */
const SHARED = 2;

/**
 * A module that imports nothing but `env.memory`, with a maximum, as one that imports it shared between threads: the two differ in one
 * bit, so that one build serves both.
 */
export function withSharedMemory(module: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bytes = module.slice();
  let at = HEADER;
  while (bytes[at] !== IMPORT_SECTION) {
    const [size, content] = readUnsigned(bytes, at + 1);
    at = content + size;
  }
  const [, count] = readUnsigned(bytes, at + 1);
  // One import: two names, each after its length, then its kind, then the limits.
  const moduleName = count + 1;
  const fieldName = moduleName + 1 + bytes[moduleName]!;
  const kind = fieldName + 1 + bytes[fieldName]!;
  bytes[kind + 1]! |= SHARED;
  return bytes;
}

/** A number in LEB128, and the address behind it. */
function readUnsigned(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]!;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return [value, at];
  }
}
