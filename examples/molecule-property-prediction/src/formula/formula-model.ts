import { Linear, Module, type Random, relu, sigmoidNormalizer, type Tensor } from "@vicinal/core";
import { GINEConv, type GraphInputs, GraphToSequence, Perceptron } from "@vicinal/graph";
import { vocabulary } from "./hill-formula.ts";
import { atomColumns, bondColumns } from "./structure.ts";

const [states, width] = [64, 64];

/** The states of atoms: each knows its element, its charge, and the sum over its bonds, from which the count of its hydrogens follows. */
class BondSum extends Module {
  readonly outputs = states;
  readonly embed: Linear;
  readonly bonds: GINEConv;

  constructor(random: Random) {
    super();
    this.embed = new Linear(atomColumns, 32, { random });
    const network = new Perceptron([32, states, states], { random });
    this.bonds = new GINEConv(network, { random, edgeDim: bondColumns });
  }

  forward({ x, neighborhood, edgeFeatures }: GraphInputs): Tensor {
    return relu(this.bonds.forward(this.embed.forward(x), neighborhood, { edgeFeatures }));
  }
}

/**
 * Writes the formula of a structure. Attention by softmax is a mean, which does not tell two carbons from three; attention by sigmoids is a sum, which
 * counts.
 */
export function formulaModel(random: Random): GraphToSequence {
  return new GraphToSequence({
    encoder: new BondSum(random),
    decoder: { kind: "transformer", layers: 1, heads: 4, hidden: 256, normalizer: sigmoidNormalizer() },
    targetTokens: vocabulary.size,
    begin: vocabulary.begin,
    end: vocabulary.end,
    width,
    random,
  });
}
