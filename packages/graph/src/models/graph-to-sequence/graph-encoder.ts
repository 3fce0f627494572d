import { Module, type ParameterOptions, type Registry, type Tensor } from "@vicinal/core";
import type { LayerName } from "../attention-layer-by-name.ts";
import { checkGraphInputs } from "../check-graph-inputs.ts";
import type { GraphInputs, GraphModelContext } from "../graph-model.ts";
import { GraphTransformer, type GraphTransformerOptions } from "../graph-transformer.ts";

/** A network from graphs to states of their nodes, `[nodes, outputs]`: what a decoder attends to. */
export interface GraphEncoder extends Module {
  /** Width of the state of a node. */
  readonly outputs: number;
  /** `[nodes, outputs]`, in the order of the nodes. */
  forward(graphs: GraphInputs, context?: GraphModelContext): Tensor;
}

/** A stack of graph attention by its name: the blocks of a {@link GraphTransformer}, whose options these are. */
export interface GraphStackChoice
  extends Omit<
    GraphTransformerOptions,
    keyof ParameterOptions | "registry" | "layer" | "layers" | "heads" | "hidden" | "dropout"
  > {
  /** Which layer attends: one of those built in, or one that the model's registry has. */
  readonly kind: LayerName;
  /** Width of the features of nodes. */
  readonly inputs: number;
  /** Count of blocks: how many steps away a node can look. Default 3. */
  readonly layers?: number;
  /** Heads of each block, put side by side. Default 4. */
  readonly heads?: number;
  /** Width of the nodes, and of their states: a multiple of `heads`. Default 64. */
  readonly hidden?: number;
  /** Probability with which numbers are dropped while training. Default: that of the model. */
  readonly dropout?: number;
}

/** What reads the graphs of a model: a stack by its name, or a module of one's own. */
export type GraphEncoderChoice = GraphStackChoice | GraphEncoder;

/** What an encoder is made with. */
interface GraphEncoderParts extends ParameterOptions {
  readonly registry?: Registry | undefined;
}

/**
 * The encoder of a choice.
 *
 * @param dropout What a stack drops that does not say so itself.
 * @throws OptionError `unknown-option`, `out-of-range`, or `heads-do-not-divide` when `hidden` is no multiple of `heads`.
 */
export function graphEncoder(choice: GraphEncoderChoice, made: GraphEncoderParts, dropout: number): GraphEncoder {
  if (choice instanceof Module) return choice;
  return new StackEncoder(choice, made, dropout);
}

class StackEncoder extends Module implements GraphEncoder {
  readonly inputs: number;
  readonly outputs: number;
  readonly edgeDim: number | undefined;
  readonly stack: GraphTransformer;

  constructor(choice: GraphStackChoice, made: GraphEncoderParts, drop: number) {
    super();
    const { kind, inputs, heads = 4, hidden = 64, dropout = drop, ...options } = choice;
    this.inputs = inputs;
    this.outputs = hidden;
    this.edgeDim = options.edgeDim;
    this.stack = new GraphTransformer(inputs, hidden, { ...made, ...options, layer: kind, heads, hidden, dropout });
  }

  forward(graphs: GraphInputs, { training }: GraphModelContext = {}): Tensor {
    checkGraphInputs("GraphToSequence", graphs, this.inputs, this.edgeDim);
    const { x, neighborhood, edgeFeatures } = graphs;
    return this.stack.forward(x, neighborhood, { edgeFeatures, training });
  }
}
