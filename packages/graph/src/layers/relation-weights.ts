import {
  checkCounts,
  concatenate,
  type Engine,
  gatherRows,
  glorotUniform,
  Module,
  matmul,
  OptionError,
  type ParameterOptions,
  parameter,
  reshape,
  SparseTensor,
  sparseMatmul,
  type Tensor,
  transpose,
  zeros,
} from "@vicinal/core";
import type { RelationNodes } from "../hetero/relational-edges.ts";
import type { NodeFeatureTensor } from "./graph-layer.ts";
import { denseFeatures } from "./layer-input.ts";

/**
 * A matrix for each relation, `[inputs, outputs]`, applied from the right: in full, or with fewer parameters as a mixture of bases that all
 * relations share or as blocks on the diagonal (Schlichtkrull et al., "Modeling Relational Data with Graph Convolutional Networks", ESWC 2018,
 * section 2.2).
 */
export abstract class RelationWeights extends Module {
  /** Width of the input. */
  readonly inputs: number;
  /** Width of the output. */
  readonly outputs: number;

  constructor(inputs: number, outputs: number) {
    super();
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /**
   * The nodes of each relation by its matrix, one relation after the other: `[pairs, outputs]`.
   *
   * @param x `[nodes, inputs]`.
   */
  project(x: NodeFeatureTensor, relations: readonly RelationNodes[]): Tensor {
    const parts = relations.map(({ relation, nodes }) => this.projectOne(x, nodes, relation));
    return parts.length === 0 ? zeros([0, this.outputs], { engine: this.engine }) : concatenate(parts, 0);
  }

  /** `[nodes.length, outputs]`. */
  protected abstract projectOne(x: NodeFeatureTensor, nodes: Uint32Array, relation: number): Tensor;

  /** Where the weights live. */
  protected abstract get engine(): Engine;
}

/** A matrix of its own for each relation. */
export class FullRelationWeights extends RelationWeights {
  /** For each relation, `[inputs, outputs]`. */
  readonly matrices: readonly Tensor[];

  constructor(inputs: number, outputs: number, relations: number, options: ParameterOptions) {
    super(inputs, outputs);
    this.matrices = Array.from({ length: relations }, () => glorot([inputs, outputs], options));
  }

  protected projectOne(x: NodeFeatureTensor, nodes: Uint32Array, relation: number): Tensor {
    return productOfRows(x, nodes, this.matrices[relation]!);
  }

  /** Where the weights live. */
  protected get engine(): Engine {
    return this.matrices[0]!.engine;
  }
}

/** `W_r = sum over b of att_rb basis_b`. */
export class BasisRelationWeights extends RelationWeights {
  /** `[relations, bases]`. */
  readonly att: Tensor;
  /** `[bases, inputs, outputs]`. */
  readonly basis: Tensor;
  readonly #rows: readonly Uint32Array[];

  constructor(inputs: number, outputs: number, relations: number, bases: number, options: ParameterOptions) {
    super(inputs, outputs);
    this.basis = glorot([bases, inputs, outputs], options);
    this.att = glorot([relations, bases], options);
    this.#rows = Array.from({ length: relations }, (_, r) => Uint32Array.of(r));
  }

  protected projectOne(x: NodeFeatureTensor, nodes: Uint32Array, relation: number): Tensor {
    const { inputs, outputs, basis } = this;
    const flat = reshape(basis, [basis.shape[0] ?? 0, inputs * outputs]);
    const matrix = matmul(gatherRows(this.att, this.#rows[relation]!), flat);
    return productOfRows(x, nodes, reshape(matrix, [inputs, outputs]));
  }

  /** Where the weights live. */
  protected get engine(): Engine {
    return this.basis.engine;
  }
}

/** Each relation's matrix is zero but for `count` blocks on its diagonal. */
export class BlockRelationWeights extends RelationWeights {
  /** For each relation, `[count, inputs / count, outputs / count]`. */
  readonly blocks: readonly Tensor[];
  /** Count of blocks. */
  readonly count: number;

  constructor(inputs: number, outputs: number, relations: number, count: number, options: ParameterOptions) {
    super(inputs, outputs);
    this.count = count;
    const shape = [count, inputs / count, outputs / count];
    this.blocks = Array.from({ length: relations }, () => glorot(shape, options));
  }

  protected projectOne(x: NodeFeatureTensor, nodes: Uint32Array, relation: number): Tensor {
    const { count, inputs, outputs } = this;
    const rows = gatherRows(denseFeatures("RGATConv", x), nodes);
    const parts = transpose(reshape(rows, [nodes.length, count, inputs / count]), [1, 0, 2]);
    return reshape(transpose(matmul(parts, this.blocks[relation]!), [1, 0, 2]), [nodes.length, outputs]);
  }

  /** Where the weights live. */
  protected get engine(): Engine {
    return this.blocks[0]!.engine;
  }
}

/**
 * The matrices that `numBases` and `numBlocks` choose.
 *
 * @throws OptionError `out-of-range` for counts that cannot be, or blocks that do not divide both widths.
 */
export function relationWeights(
  name: string,
  inputs: number,
  outputs: number,
  relations: number,
  options: ParameterOptions & { readonly numBases?: number; readonly numBlocks?: number },
): RelationWeights {
  const { numBases, numBlocks } = options;
  checkCounts(name, { numBases: numBases ?? 1, numBlocks: numBlocks ?? 1 });
  if (numBases !== undefined) return new BasisRelationWeights(inputs, outputs, relations, numBases, options);
  if (numBlocks === undefined) return new FullRelationWeights(inputs, outputs, relations, options);
  if (inputs % numBlocks === 0 && outputs % numBlocks === 0) {
    return new BlockRelationWeights(inputs, outputs, relations, numBlocks, options);
  }
  throw new OptionError(
    "out-of-range",
    `${name}: got numBlocks ${numBlocks}; expected a count that divides the widths ${inputs} and ${outputs} (heads * channels).`,
  );
}

/** A parameter whose first values are Glorot's by its last two lengths, as PyTorch Geometric draws them. */
export function glorot(shape: readonly number[], { random, engine }: ParameterOptions): Tensor {
  const [rows = 1, columns = 1] = shape.slice(-2);
  return parameter(glorotUniform(random, shape, rows, columns), shape, { engine });
}

/** The rows of `x` that are named, by a matrix. */
function productOfRows(x: NodeFeatureTensor, rows: Uint32Array, matrix: Tensor): Tensor {
  if (x instanceof SparseTensor) return gatherRows(sparseMatmul(x, matrix), rows);
  return matmul(gatherRows(x, rows), matrix);
}
