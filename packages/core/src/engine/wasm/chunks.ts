import type { Machine } from "./machine.ts";

/**
 * Writes what chunks of elements give by themselves, one after the other, from the address `partials` on: `chunks` of them, from the element
 * `first` on, of `size` elements each.
 */
type EachChunk = (partials: number, first: number, chunks: number, size: number) => void;

/**
 * Computes `width` numbers from many elements: from each chunk of `size` elements by itself, the last of which may be smaller, and then from
 * what these give. Chunks are the same for any number of threads, and so is the result.
 */
export function inChunks(
  { memory }: Machine,
  elements: number,
  size: number,
  width: number,
  each: EachChunk,
  finish: (partials: number, chunks: number) => void,
): void {
  const whole = Math.floor(elements / size);
  const rest = elements - whole * size;
  const chunks = whole + (rest > 0 ? 1 : 0);
  memory.temporarily((own) => {
    const partials = memory.output(own(memory.allocate(chunks * width)));
    each(partials, 0, whole, size);
    if (rest > 0) each(partials + whole * width * 4, whole * size, 1, rest);
    finish(partials, chunks);
  });
}

/** Writes to `target` the sum of what chunks of elements give: see {@link inChunks}. */
export function sumOverChunks(
  machine: Machine,
  elements: number,
  size: number,
  width: number,
  target: number,
  each: EachChunk,
): void {
  inChunks(machine, elements, size, width, each, (partials, chunks) =>
    machine.kernels.sumColumnRanges(partials, target, chunks, width, 0, width),
  );
}
