import { add, Dropout, elu, Linear, Module, Tensor } from "@vicinal/core";
import {
  GATv2Conv,
  type GraphInputs,
  type GraphModel,
  type GraphModelAttention,
  type GraphModelContext,
  type GraphModelShape,
  sumReadout,
} from "@vicinal/graph";

const heads = 4;
const channels = 8;
const layers = 3;

/**
 * GIN as it is trained on small graphs (Xu et al., ICLR 2019, section 4.2), with attention in place of its layers and its batch norm:
 *
 *     x_k = elu(GATv2(x_(k - 1)))
 *     out = sum over k from 0 of dropout(W_k sum over nodes of x_k)
 */
export class SummedGATv2 extends Module implements GraphModel {
  readonly outputs: number;
  readonly layers: readonly GATv2Conv[];
  /** One of the features, then one after each of `layers`. */
  readonly linears: readonly Linear[];
  readonly dropout = new Dropout(0.5);

  constructor({ inputs, outputs, random, engine }: GraphModelShape) {
    super();
    this.outputs = outputs;
    const widths = [inputs, ...new Array<number>(layers).fill(heads * channels)];
    this.layers = widths.slice(0, -1).map((width) => new GATv2Conv(width, channels, { random, engine, heads }));
    this.linears = widths.map((width) => new Linear(width, outputs, { random, engine }));
  }

  forward(graphs: GraphInputs, context: GraphModelContext = {}): Tensor {
    return this.detailed(graphs, context).output;
  }

  detailed(
    graphs: GraphInputs,
    context: GraphModelContext = {},
  ): { readonly output: Tensor; readonly attention: GraphModelAttention } {
    const { neighborhood } = graphs;
    let x = dense(graphs.x);
    const say = (k: number): Tensor => this.dropout.forward(this.linears[k]!.forward(sumReadout(x, graphs)), context);
    let output = say(0);
    for (const [k, layer] of this.layers.entries()) {
      x = elu(layer.forward(x, neighborhood, context));
      output = add(output, say(k + 1));
    }
    return { output, attention: { nodes: undefined, edges: undefined } };
  }
}

function dense(x: GraphInputs["x"]): Tensor {
  if (x instanceof Tensor) return x;
  throw new Error("SummedGATv2 reads kinds of nodes as dense columns.");
}
