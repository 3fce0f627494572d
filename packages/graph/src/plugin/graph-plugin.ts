import { type DenseMatrix, definePlugin, type ParameterOptions, type Registry } from "@vicinal/core";
import { type DegreeEncodingOptions, degreeEncoding } from "../encode/degree-encoding.ts";
import type { GraphSource } from "../encode/graph-source.ts";
import { type LaplacianEncodingOptions, laplacianEncoding } from "../encode/laplacian-encoding.ts";
import { type RandomWalkEncodingOptions, randomWalkEncoding } from "../encode/random-walk-encoding.ts";
import { ShortestPathBias, type ShortestPathBiasOptions } from "../encode/shortest-path-bias.ts";
import { AttentiveFP, type AttentiveFPOptions } from "../models/attentive-fp.ts";
import { GAT, type GATOptions } from "../models/gat.ts";
import { GIN, type GINOptions } from "../models/gin.ts";
import { GPS } from "../models/gps.ts";
import type { GPSOptions } from "../models/gps-stack.ts";
import { GraphGPS, type GraphGPSOptions } from "../models/graph-gps.ts";
import { GraphNetwork, type GraphNetworkOptions } from "../models/graph-network.ts";
import { GraphToSequence, type GraphToSequenceOptions } from "../models/graph-to-sequence/graph-to-sequence.ts";
import { GraphTransformer, type GraphTransformerOptions } from "../models/graph-transformer.ts";
import { HGT, type HGTOptions } from "../models/hgt.ts";
import { AttentionReadout, type AttentionReadoutOptions } from "../readout/attention-readout.ts";
import { MaxReadout, MeanReadout, SumReadout } from "../readout/pool.ts";
import {
  PoolingByMultiHeadAttention,
  type PoolingByMultiHeadAttentionOptions,
} from "../readout/pooling-by-multi-head-attention.ts";
import { Set2Set, type Set2SetOptions } from "../readout/set2set.ts";
import { LinkModel, type LinkModelOptions } from "../tasks/links/link-model.ts";
import { graphIdentity } from "./graph-identity.ts";
import { layerEntries } from "./layer-entries.ts";

/** The width of what a read-out reads. */
interface Inputs {
  /** Width of the nodes' features. */
  readonly inputs: number;
}

/** The widths of a network. */
interface Widths<Of = number> {
  /** Width of the features. */
  readonly inputs: Of;
  /** Width of the output. */
  readonly outputs: number;
}

/** Computes a structural encoding of a graph, `[nodes, width]`. */
type StructuralEncoding = (of: GraphSource) => DenseMatrix;

/**
 * The layers, read-outs, structural encodings and models of this package as a plug-in: what a registry is made with, beside `corePlugin`, to know them
 * by name. Options are those of the classes and functions, with widths beside them.
 *
 * ```ts
 * const registry = createRegistry([corePlugin, graphPlugin]);
 * const layer = registry.layer("gatv2", { inputs: 16, outputs: 64, heads: 8, random });
 * ```
 */
export const graphPlugin = definePlugin({
  ...graphIdentity,
  reads: "*",
  needs: { "@vicinal/core": "^0.1.0" },
  layers: layerEntries,
  readouts: {
    sum: ({ inputs, ...options }: Inputs & Partial<ParameterOptions>) => new SumReadout(inputs, options),
    mean: ({ inputs, ...options }: Inputs & Partial<ParameterOptions>) => new MeanReadout(inputs, options),
    max: ({ inputs, ...options }: Inputs & Partial<ParameterOptions>) => new MaxReadout(inputs, options),
    attention: ({ inputs, ...options }: Inputs & AttentionReadoutOptions) => new AttentionReadout(inputs, options),
    set2set: ({ inputs, ...options }: Inputs & Set2SetOptions) => new Set2Set(inputs, options),
    multiHead: ({ inputs, ...options }: Inputs & PoolingByMultiHeadAttentionOptions) =>
      new PoolingByMultiHeadAttention(inputs, options),
  },
  encodings: {
    laplacian:
      (options: LaplacianEncodingOptions): StructuralEncoding =>
      (of) =>
        laplacianEncoding(of, options),
    "random-walk":
      (options: RandomWalkEncodingOptions): StructuralEncoding =>
      (of) =>
        randomWalkEncoding(of, options),
    degree:
      (options: DegreeEncodingOptions = {}): StructuralEncoding =>
      (of) =>
        degreeEncoding(of, options),
    "shortest-path": ({ heads, ...options }: { readonly heads: number } & ShortestPathBiasOptions) =>
      new ShortestPathBias(heads, options),
  },
  models: {
    gat: ({ inputs, outputs, ...options }: Widths & GATOptions, registry: Registry) =>
      new GAT(inputs, outputs, { registry, ...options }),
    "graph-transformer": ({ inputs, outputs, ...options }: Widths & GraphTransformerOptions, registry: Registry) =>
      new GraphTransformer(inputs, outputs, { registry, ...options }),
    gps: ({ inputs, outputs, ...options }: Widths & GPSOptions, registry: Registry) =>
      new GPS(inputs, outputs, { registry, ...options }),
    "graph-gps": ({ inputs, outputs, ...options }: Widths & GraphGPSOptions, registry: Registry) =>
      new GraphGPS(inputs, outputs, { registry, ...options }),
    "graph-network": ({ inputs, outputs, ...options }: Widths & GraphNetworkOptions, registry: Registry) =>
      new GraphNetwork(inputs, outputs, { registry, ...options }),
    "attentive-fp": ({ inputs, outputs, ...options }: Widths & AttentiveFPOptions) =>
      new AttentiveFP(inputs, outputs, options),
    gin: ({ inputs, outputs, ...options }: Widths & GINOptions, registry: Registry) =>
      new GIN(inputs, outputs, { registry, ...options }),
    hgt: ({ inputs, outputs, ...options }: Widths<number | Readonly<Record<string, number>>> & HGTOptions) =>
      new HGT(inputs, outputs, options),
    links: (options: LinkModelOptions, registry: Registry) => new LinkModel({ registry, ...options }),
    "graph-to-sequence": (options: GraphToSequenceOptions, registry: Registry) =>
      new GraphToSequence({ registry, ...options }),
  },
});
