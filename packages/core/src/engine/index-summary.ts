import type { IndexBuffer } from "./buffers.ts";

/** What an engine keeps of an index buffer, so that kernels need not look at every number again. */
export interface IndexSummary {
  /** The largest number, or -1 of none. */
  readonly max: number;
  /** Whether the numbers can be the row starts of a CSR structure: at least one, from 0, never falling. */
  readonly areRowStarts: boolean;
}

/** @see IndexSummary */
export function summarizeIndices(indices: Uint32Array): IndexSummary {
  let max = -1;
  let areRowStarts = indices[0] === 0;
  for (let p = 0; p < indices.length; p++) {
    if (indices[p]! < max) areRowStarts = false;
    else max = indices[p]!;
  }
  return { max, areRowStarts };
}

/** Gives the summary of a buffer; throws where the buffer is freed or another engine's. */
export type Summarize = (buffer: IndexBuffer) => IndexSummary;
