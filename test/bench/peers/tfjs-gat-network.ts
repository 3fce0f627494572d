import {
  add,
  elu,
  exp,
  logSoftmax,
  matMul,
  minimum,
  mul,
  neg,
  reshape,
  sub,
  sum,
  type Tensor,
  tensor,
  tensor2d,
  tidy,
  train,
  transpose,
  type Variable,
  variable,
} from "@tensorflow/tfjs-core";
import { type GatProblem, gatParameterNames, gatShapes } from "../epochs/gat-work.ts";
import { DenseFeatures, type FeatureProduct, keptTensor, SparseFeatures } from "./tfjs-features.ts";
import { attendOverEdges, type EdgeEnds, edgeEnds } from "./tfjs-gat-layer.ts";
import { RowGroups } from "./tfjs-row-groups.ts";

type Name = (typeof gatParameterNames)[number];

/**
 * How it is written: `plain`, as one would, with dense features and `tf.gather`; `dense` with a faster way to fetch rows; `sparse` with a sum over
 * the features that are not zero besides.
 */
export type TfjsForm = "plain" | "dense" | "sparse";

/** Gradients of the parameters, by name, and the loss. */
interface Gradients {
  readonly loss: number;
  readonly of: Record<Name, Tensor>;
}

/** The network of the GAT paper by TensorFlow.js, with Adam, its gradient written by hand. */
export class TfjsGat {
  readonly #problem: GatProblem;
  readonly #parameters: Record<Name, Variable>;
  readonly #edges: EdgeEnds;
  readonly #features: FeatureProduct;
  readonly #training: RowGroups;
  readonly #targets: Tensor;
  readonly #optimizer;

  constructor(problem: GatProblem, form: TfjsForm) {
    const { work, floats, indices } = problem;
    const shapes = gatShapes(work);
    const named = (name: Name): Variable => variable(tensor(floats[name], [...shapes[name]]));
    this.#problem = problem;
    this.#parameters = {
      weight1: named("weight1"),
      source1: named("source1"),
      target1: named("target1"),
      bias1: named("bias1"),
      weight2: named("weight2"),
      source2: named("source2"),
      target2: named("target2"),
      bias2: named("bias2"),
    };
    const fetch = form === "plain" ? "gather" : "gatherND";
    this.#edges = edgeEnds(indices, fetch);
    this.#features = form === "sparse" ? new SparseFeatures(problem) : new DenseFeatures(problem);
    this.#training = new RowGroups(indices.training, work.nodes, fetch);
    const targets = new Float32Array(indices.training.length * work.classes);
    for (const [row, node] of indices.training.entries()) targets[row * work.classes + indices.labels[node]!] = 1;
    this.#targets = tensor2d(targets, [indices.training.length, work.classes]);
    this.#optimizer = train.adam(work.learningRate, 0.9, 0.999, 1e-8);
  }

  /** The loss without dropout. */
  loss(): number {
    return tidy(() => this.#gradients(false).loss);
  }

  /** The gradient of the first weights without dropout, `[heads * channels, features]`. */
  firstGradient(): ArrayLike<number> {
    return tidy(() => this.#gradients(false).of.weight1.dataSync());
  }

  /** One epoch. The loss before it. */
  step(withDropout: boolean): number {
    return tidy(() => {
      const { loss, of } = this.#gradients(withDropout);
      const { weightDecay } = this.#problem.work;
      this.#optimizer.applyGradients(
        gatParameterNames.map((name) => {
          const parameter = this.#parameters[name];
          return { name: parameter.name, tensor: add(of[name], mul(parameter, weightDecay)) };
        }),
      );
      return loss;
    });
  }

  #gradients(withDropout: boolean): Gradients {
    const { nodes, heads, channels, classes, dropout } = this.#problem.work;
    const parameters = this.#parameters;
    const hidden = heads * channels;
    const edges = this.#problem.indices.senders.length;
    const drop = (...shape: number[]): Tensor | undefined => (withDropout ? keptTensor(shape, dropout) : undefined);

    const product = this.#features.multiply(parameters.weight1, withDropout ? dropout : 0);
    const first = attendOverEdges(
      this.#edges,
      reshape(product.out, [nodes, heads, channels]),
      { source: parameters.source1, target: parameters.target1 },
      drop(edges, heads),
    );
    const activated = elu(add(reshape(first.out, [nodes, hidden]), parameters.bias1));
    const keptHidden = drop(nodes, hidden);
    const input: Tensor = keptHidden === undefined ? activated : mul(activated, keptHidden);
    const projected = matMul(input, transpose(parameters.weight2));
    const second = attendOverEdges(
      this.#edges,
      reshape(projected, [nodes, 1, classes]),
      { source: parameters.source2, target: parameters.target2 },
      drop(edges, 1),
    );
    const logits = add(reshape(second.out, [nodes, classes]), parameters.bias2);
    const probabilities = logSoftmax(this.#training.rowsOf(logits));
    const count = this.#problem.indices.training.length;
    const loss = neg(sum(mul(probabilities, this.#targets))).dataSync()[0]! / count;

    const dlogits = this.#training.sumRows(mul(sub(exp(probabilities), this.#targets), 1 / count));
    const back2 = second.backward(reshape(dlogits, [nodes, 1, classes]));
    const dprojected: Tensor = reshape(back2.projected, [nodes, classes]);
    const dinput = matMul(dprojected, parameters.weight2);
    const ofActivated = keptHidden === undefined ? dinput : mul(dinput, keptHidden);
    const dhidden = mul(ofActivated, add(minimum(activated, 0), 1));
    const back1 = first.backward(reshape(dhidden, [nodes, heads, channels]));
    return {
      loss,
      of: {
        weight1: product.backward(reshape(back1.projected, [nodes, hidden])),
        source1: back1.source,
        target1: back1.target,
        bias1: sum(dhidden, 0),
        weight2: matMul(transpose(dprojected), input),
        source2: back2.source,
        target2: back2.target,
        bias2: sum(dlogits, 0),
      },
    };
  }
}
