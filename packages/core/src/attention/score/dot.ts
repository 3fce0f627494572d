import { defineScore, type Score } from "./score.ts";

/**
 * The inner product, `dot(query, key)`: "dot" in Luong, Pham and Manning, EMNLP 2015, eq. 8. Its spread grows with the square root of the
 * channels; {@link scaledDot} takes that out.
 */
export function dot(): Score<Record<never, "vector">> {
  return defineScore("dot", { parameters: {}, score: ({ query, key }) => query.dot(key) });
}
