import {
  type AttendInputs,
  type AttendOptions,
  add,
  additive,
  attend,
  checkCounts,
  checkOptionNames,
  Dropout,
  elu,
  GRUCell,
  Linear,
  Module,
  type ParameterOptions,
  recordArchitecture,
  relu,
  reshape,
  segmentSum,
  type Tensor,
  type Training,
} from "@vicinal/core";
import { checkDropout } from "../layers/check-options.ts";
import { GATConv } from "../layers/gat.ts";
import { GATEConv } from "../layers/gate.ts";
import type { AttentionLayer, LayerAttention, LayerContext } from "../layers/graph-layer.ts";
import { graphIdentity } from "../plugin/graph-identity.ts";
import { checkedNodes, type NodesOfGraphs } from "../readout/membership.ts";
import { checkGraphInputs } from "./check-graph-inputs.ts";
import type { GraphInputs, GraphModel, GraphModelAttention, GraphModelContext } from "./graph-model.ts";
import { weightsOfNodes } from "./weights-of-nodes.ts";

/** Options of {@link AttentiveFP}. */
export interface AttentiveFPOptions extends ParameterOptions {
  /** Width of atoms and molecules inside (`hidden_channels` of PyTorch Geometric). Default 64. */
  readonly hidden?: number;
  /** Width of the features of bonds. Default: none are read. */
  readonly edgeDim?: number;
  /** Count of layers over bonds, the first of which reads their features: how many bonds away an atom can look. Default 2. */
  readonly layers?: number;
  /** How often each molecule looks at its atoms (`num_timesteps`). Default 2. */
  readonly steps?: number;
  /** Probability with which numbers, and weights of attention, are dropped while training. Default 0. */
  readonly dropout?: number;
}

const optionNames = ["random", "engine", "hidden", "edgeDim", "layers", "steps", "dropout"];

/** Of all leaky ReLUs in the network. */
const negativeSlope = 0.01;
const score = additive({ negativeSlope });

/**
 * The network for molecules of Xiong et al., "Pushing the Boundaries of Molecular Representation for Drug Discovery with the Graph Attention
 * Mechanism", J. Med. Chem. 2020: attention along bonds, then attention of the whole molecule to its atoms, and after each a gated recurrent unit
 * that says how much of what was found is taken up.
 *
 *     x   = leakyRelu(W_1 features)
 *     x   = relu(GRU(dropout(elu(conv(x))), x))                  for each layer: GATEConv, which reads bonds, then GATConv
 *     m   = relu(sum over the atoms of a molecule of x)
 *     m   = relu(GRU(dropout(elu(attention of m to x)), m))      for each step, with the same weights
 *     out = W_2 dropout(m)
 *
 * From graphs with features `[nodes, inputs]` to `[graphs, outputs]`. Any graphs will do, not molecules only. Self-loops are neither added nor removed.
 * An atom without bonds, such as a molecule of one atom, finds the bias of a layer; so does a graph without nodes, which therefore does not get
 * zeros. Without `edgeDim` the first layer weighs neighbors by their features alone.
 *
 * Parameters and definition are those of PyTorch Geometric's `AttentiveFP`, which always reads edge features.
 *
 * @throws OptionError `unknown-option` or `out-of-range`; `forward` throws ShapeError `shapes-differ`, OptionError `missing-input` or
 * `unexpected-input` for edge features that do not agree with `edgeDim`, DataError `index-out-of-range` for a graph that is not there.
 */
export class AttentiveFP extends Module implements GraphModel {
  /** Width of the features of nodes. */
  readonly inputs: number;
  readonly outputs: number;
  /** Width of the features of bonds; undefined when none are read. */
  readonly edgeDim: number | undefined;
  /** How often each molecule looks at its atoms. */
  readonly steps: number;
  /** From features to `hidden`. */
  readonly linear1: Linear;
  /** The first layer over bonds. */
  readonly gateConv: GATEConv;
  /** After {@link gateConv}. */
  readonly gru: GRUCell;
  /** The other layers over bonds, in the order in which they are applied. */
  readonly atomConvs: readonly GATConv[];
  /** One after each of {@link atomConvs}. */
  readonly atomGrus: readonly GRUCell[];
  /** Of molecules to their atoms, in each step. */
  readonly molConv: GATConv;
  /** After {@link molConv}. */
  readonly molGru: GRUCell;
  /** From `hidden` to `outputs`. */
  readonly linear2: Linear;
  /** On what every layer and step found, and before the output. */
  readonly dropout: Dropout;

  /**
   * @param inputs Width of the atoms' features.
   * @param outputs Count of numbers that a molecule gets: one for each target, or for each class.
   */
  constructor(inputs: number, outputs: number, options: AttentiveFPOptions) {
    super();
    checkOptionNames("AttentiveFP", options, optionNames);
    const { random, engine, hidden = 64, edgeDim, layers = 2, steps = 2, dropout = 0 } = options;
    checkCounts("AttentiveFP", { inputs, outputs, hidden, edgeDim: edgeDim ?? 1, layers, steps });
    checkDropout("AttentiveFP", dropout);
    this.inputs = inputs;
    this.outputs = outputs;
    this.edgeDim = edgeDim;
    this.steps = steps;
    const drawn = { random, engine };
    const attention = { ...drawn, dropout, addSelfLoops: false, negativeSlope };
    this.linear1 = new Linear(inputs, hidden, drawn);
    this.gateConv = new GATEConv(hidden, { ...drawn, dropout, ...(edgeDim !== undefined && { edgeDim }) });
    this.gru = new GRUCell(hidden, hidden, drawn);
    const further = Array.from({ length: layers - 1 }, () => ({
      conv: new GATConv(hidden, hidden, attention),
      gru: new GRUCell(hidden, hidden, drawn),
    }));
    this.atomConvs = further.map(({ conv }) => conv);
    this.atomGrus = further.map(({ gru }) => gru);
    this.molConv = new GATConv(hidden, hidden, attention);
    this.molGru = new GRUCell(hidden, hidden, drawn);
    this.linear2 = new Linear(hidden, outputs, drawn);
    this.dropout = new Dropout(dropout);
    recordArchitecture(this, AttentiveFP, graphIdentity, "attentive-fp", { inputs, outputs, ...options });
  }

  forward(graphs: GraphInputs, context: GraphModelContext = {}): Tensor {
    const { neighborhood } = graphs;
    const { nodes, entered } = this.#enter(graphs);
    const atoms = this.#atoms(entered, graphs, context, (layer, x, read) => layer.forward(x, neighborhood, read));
    const molecules = this.#molecules(atoms, nodes, context, (inputs, options) =>
      attend(nodes.neighborhood, inputs, options),
    );
    return this.#leave(molecules, context);
  }

  /**
   * {@link forward}, with what molecules attended to in the last step, `nodes` `[nodes, 1]`, and the attention of the last layer along bonds.
   */
  detailed(
    graphs: GraphInputs,
    context: GraphModelContext = {},
  ): { readonly output: Tensor; readonly attention: GraphModelAttention } {
    const { neighborhood } = graphs;
    const { nodes, entered } = this.#enter(graphs);
    let [edges, weights]: [LayerAttention?, Tensor?] = [];
    const atoms = this.#atoms(entered, graphs, context, (layer, x, read) => {
      if (layer !== (this.atomConvs.at(-1) ?? this.gateConv)) return layer.forward(x, neighborhood, read);
      const found = layer.detailed(x, neighborhood, read);
      edges = found.attention;
      return found.output;
    });
    const molecules = this.#molecules(atoms, nodes, context, (inputs, options) => {
      const found = attend.detailed(nodes.neighborhood, inputs, options);
      weights = found.weights;
      return found.output;
    });
    const ofNodes = weights && weightsOfNodes({ neighborhood: nodes.neighborhood, weights });
    return { output: this.#leave(molecules, context), attention: { nodes: ofNodes, edges } };
  }

  #enter(graphs: GraphInputs): { readonly nodes: NodesOfGraphs; readonly entered: Tensor } {
    checkGraphInputs("AttentiveFP", graphs, this.inputs, this.edgeDim);
    const entered = this.linear1.activated(graphs.x, "leakyRelu", { parameter: negativeSlope });
    return { nodes: checkedNodes("AttentiveFP", entered, graphs), entered };
  }

  /** `[nodes, hidden]`, after the layers over bonds. */
  #atoms(
    entered: Tensor,
    { edgeFeatures }: GraphInputs,
    { training }: GraphModelContext,
    find: (layer: AttentionLayer, atoms: Tensor, context: LayerContext) => Tensor,
  ): Tensor {
    let atoms = this.#update(this.gru, find(this.gateConv, entered, { edgeFeatures, training }), entered, training);
    for (const [k, conv] of this.atomConvs.entries()) {
      atoms = this.#update(this.atomGrus[k]!, find(conv, atoms, { training }), atoms, training);
    }
    return atoms;
  }

  /** `[graphs, hidden]`, after the steps. */
  #molecules(
    atoms: Tensor,
    { grouping }: NodesOfGraphs,
    { training }: GraphModelContext,
    find: (inputs: AttendInputs, options: AttendOptions<typeof score.parameters>) => Tensor,
  ): Tensor {
    const { linear, attSource, attTarget, bias, dropout } = this.molConv;
    const asHead = (x: Tensor): Tensor => reshape(x, [x.shape[0] ?? 0, 1, linear.outputs]);
    // The layer's own forward would project the atoms again in each step, though they stay what they are.
    const key = asHead(linear.forward(atoms));
    const parameters = { source: attSource, target: attTarget };
    let molecules = relu(segmentSum(atoms, grouping));
    for (let step = 0; step < this.steps; step++) {
      const inputs = { query: asHead(linear.forward(molecules)), key, value: key };
      const found = reshape(
        find(inputs, { score, parameters, dropout, seed: training?.random.bits() }),
        molecules.shape,
      );
      const biased = bias === undefined ? found : add(found, bias);
      molecules = this.#update(this.molGru, biased, molecules, training);
    }
    return molecules;
  }

  /** What atoms or molecules are after they took up what they found. */
  #update(gru: GRUCell, found: Tensor, before: Tensor, training: Training | undefined): Tensor {
    return relu(gru.forward(this.dropout.forward(elu(found), { training }), before));
  }

  #leave(molecules: Tensor, { training }: GraphModelContext): Tensor {
    return this.linear2.forward(this.dropout.forward(molecules, { training }));
  }
}
