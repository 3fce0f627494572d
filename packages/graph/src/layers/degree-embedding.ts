import {
  add,
  checkChoice,
  checkCounts,
  checkOptionNames,
  Embedding,
  Module,
  OptionError,
  type ParameterOptions,
  type SparseNeighborhood,
  type Tensor,
} from "@vicinal/core";
import { denseFeatures, expectMatrix, oneSide } from "./layer-input.ts";

/** Which edges {@link DegreeEmbedding} counts: those that arrive at a node, those that leave it, or each by itself. */
export type DegreeDirection = "in" | "out" | "both";

/** Options of {@link DegreeEmbedding}. */
export interface DegreeEmbeddingOptions extends ParameterOptions {
  /** The largest degree with a vector of its own; larger ones share it. */
  readonly maxDegree: number;
  /** Which edges are counted. Default `"both"`; where every edge is there in both directions `"in"` says as much. */
  readonly direction?: DegreeDirection;
}

/**
 * The centrality encoding of Graphormer (Ying et al., NeurIPS 2021, eq. 5), before its first layer: `x_i + z_in[degree_in(i)] +
 * z_out[degree_out(i)]`, with a learned vector for each degree. Repeated edges and self-loops count as often as they are there.
 */
export class DegreeEmbedding extends Module {
  /** Width of the features. */
  readonly width: number;
  /** The largest degree with a vector of its own. */
  readonly maxDegree: number;
  /** By the count of edges that arrive; undefined when they are not counted. */
  readonly arriving: Embedding | undefined;
  /** By the count of edges that leave; undefined when they are not counted. */
  readonly leaving: Embedding | undefined;

  /** @throws OptionError `unknown-option` or `out-of-range`. */
  constructor(width: number, options: DegreeEmbeddingOptions) {
    super();
    checkOptionNames("DegreeEmbedding", options, ["random", "engine", "maxDegree", "direction"]);
    const { random, engine, maxDegree, direction = "both" } = options;
    checkCounts("DegreeEmbedding", { width });
    if (!(Number.isSafeInteger(maxDegree) && maxDegree >= 0)) {
      throw new OptionError(
        "out-of-range",
        `DegreeEmbedding: got maxDegree ${maxDegree}; expected a whole number from 0.`,
      );
    }
    checkChoice("DegreeEmbedding", "direction", direction, ["in", "out", "both"] satisfies readonly DegreeDirection[]);
    this.width = width;
    this.maxDegree = maxDegree;
    const embedding = (): Embedding => {
      const result = new Embedding(maxDegree + 1, width, { random, engine });
      // Graphormer's first values: normally distributed with deviation 0.02.
      result.weight.set(result.weight.dataSync().map((value) => 0.02 * value));
      return result;
    };
    this.arriving = direction === "out" ? undefined : embedding();
    this.leaving = direction === "in" ? undefined : embedding();
  }

  /**
   * `[nodes, width]` to `[nodes, width]`.
   *
   * @throws ShapeError `shapes-differ`.
   */
  forward(x: Tensor, neighborhood: SparseNeighborhood): Tensor {
    const nodes = denseFeatures("DegreeEmbedding", oneSide("DegreeEmbedding", x, neighborhood));
    expectMatrix("DegreeEmbedding", "features", nodes, neighborhood.receivers, this.width);
    const { arriving, leaving } = degreesOf(neighborhood, this.maxDegree);
    const withIn = this.arriving === undefined ? nodes : add(nodes, this.arriving.forward(arriving));
    return this.leaving === undefined ? withIn : add(withIn, this.leaving.forward(leaving));
  }
}

interface Degrees {
  readonly arriving: Uint32Array;
  readonly leaving: Uint32Array;
}

const degrees = new WeakMap<SparseNeighborhood, Map<number, Degrees>>();

/** Degrees, the larger ones as `most`. Computed once for a neighborhood. */
function degreesOf(neighborhood: SparseNeighborhood, most: number): Degrees {
  let ofNeighborhood = degrees.get(neighborhood);
  if (ofNeighborhood === undefined) {
    ofNeighborhood = new Map();
    degrees.set(neighborhood, ofNeighborhood);
  }
  let result = ofNeighborhood.get(most);
  if (result === undefined) {
    const { offsets, transposed } = neighborhood;
    result = { arriving: rowLengths(offsets, most), leaving: rowLengths(transposed.offsets, most) };
    ofNeighborhood.set(most, result);
  }
  return result;
}

function rowLengths(offsets: Uint32Array, most: number): Uint32Array {
  return Uint32Array.from({ length: offsets.length - 1 }, (_, i) => Math.min(most, offsets[i + 1]! - offsets[i]!));
}
