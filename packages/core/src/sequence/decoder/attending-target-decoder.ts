import { Matrix } from "ml-matrix";
import type { Training } from "../../nn/module.ts";
import type { TransformerDecoder } from "../../nn/transformer/decoder.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Continuation, continuation } from "../generation/token-writer.ts";
import { splitByLengths } from "../tokens/packed-batch.ts";
import { type EncodedSources, TargetDecoder } from "./target-decoder.ts";

/** A {@link TransformerDecoder}: keys and values of the sources are computed once, those of what is written are remembered. */
export class AttendingTargetDecoder extends TargetDecoder {
  readonly decoder: TransformerDecoder;

  /** @param decoder Whose memory is as wide as what the encoder makes. */
  constructor(decoder: TransformerDecoder) {
    super();
    this.decoder = decoder;
  }

  get outputs(): number {
    return this.decoder.width;
  }

  get capacity(): number {
    return this.decoder.positions.learned?.maximum ?? Number.POSITIVE_INFINITY;
  }

  forward(x: Tensor, sources: EncodedSources, lengths: Uint32Array, training?: Training): Tensor {
    return this.decoder.forward(x, { ...memoryOf(sources), lengths, training });
  }

  begin(sources: EncodedSources): Continuation {
    return continuation(this.decoder, this.decoder.begin(memoryOf(sources)));
  }

  /** The mean over the heads of all layers. */
  align(x: Tensor, sources: EncodedSources, lengths: Uint32Array): Matrix[] {
    const { memoryWeights } = this.decoder.detailed(x, { ...memoryOf(sources), lengths });
    const ofLayers = memoryWeights.map((weights) => ({ values: weights.dataSync(), heads: weights.shape[1] ?? 1 }));
    const share = ofLayers.reduce((total, { heads }) => total + heads, 0);
    const means = Float64Array.from({ length: memoryWeights[0]!.shape[0] ?? 0 }, (_, edge) => {
      let sum = 0;
      for (const { values, heads } of ofLayers) {
        for (let h = 0; h < heads; h++) sum += values[edge * heads + h]!;
      }
      return sum / share;
    });
    const edges = lengths.map((length, b) => length * sources.lengths[b]!);
    return splitByLengths(means, edges).map((own, b) => Matrix.from1DArray(lengths[b]!, sources.lengths[b]!, own));
  }
}

function memoryOf({ elements, lengths }: EncodedSources): {
  readonly memory: Tensor;
  readonly memoryLengths: Uint32Array;
} {
  return { memory: elements, memoryLengths: lengths };
}
