import type { Random } from "../random.ts";

/** A copy of a file with one or more of its bytes, or pieces of it, changed, lost, repeated or taken from another file. */
export function mutateBytes(file: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const at = random.integer(file.length + 1);
  switch (random.integer(6)) {
    case 0: {
      const changed = file.slice();
      for (let k = random.integer(4); k >= 0; k--) changed[random.integer(file.length)]! ^= 1 << random.integer(8);
      return changed;
    }
    case 1: {
      const changed = file.slice();
      for (let k = random.integer(4); k >= 0; k--) changed[random.integer(file.length)] = oddByte(random);
      return changed;
    }
    case 2:
      return file.slice(0, at);
    case 3:
      return joined(
        file,
        Uint8Array.from({ length: 1 + random.integer(16) }, () => oddByte(random)),
      );
    case 4: {
      // A piece is lost, or comes twice.
      const to = random.integer(file.length + 1);
      return joined(file.subarray(0, at), file.subarray(to));
    }
    default: {
      const from = random.integer(other.length);
      const piece = other.subarray(from, from + random.integer(32));
      return joined(file.subarray(0, at), piece, file.subarray(random.integer(2) === 0 ? at : at + piece.length));
    }
  }
}

/** Bytes that mean something in JSON, or in text, or in numbers. */
function oddByte(random: Random): number {
  const odd = '{}[]",:\\ \t\n0123456789-.eEu_aF';
  const k = random.integer(odd.length + 8);
  return k < odd.length ? odd.charCodeAt(k) : [0, 1, 0x7f, 0x80, 0xc0, 0xf0, 0xfe, 0xff][k - odd.length]!;
}

function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
