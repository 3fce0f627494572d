import { blockUntilReady, type Array as JaxArray, jit, lax, nn, numpy as np, valueAndGrad, vjp } from "@jax-js/jax";
import {
  denseFeatures,
  type GatProblem,
  type GatWork,
  type gatParameterNames,
  gatShapes,
  receiversOf,
} from "../epochs/gat-work.ts";
import { drawKept } from "./draw-kept.ts";

type Name = (typeof gatParameterNames)[number];
type Parameters = Record<Name, JaxArray>;

/** The graph, and what is learned of it. */
type Graph = {
  /** `[edges]`. */
  readonly senders: JaxArray;
  /** `[edges]`. */
  readonly receivers: JaxArray;
  /** The nodes whose labels are learned. */
  readonly training: JaxArray;
  /** Their labels, `[training, classes]`. */
  readonly targets: JaxArray;
};

/** What an epoch reads that is drawn anew for it: the features, and what the numbers that stay are multiplied by. */
type Drawn = {
  /** `[nodes, features]`. */
  readonly x: JaxArray;
  /** `[edges, heads]`. */
  readonly weights1: JaxArray;
  /** `[nodes, heads * channels]`. */
  readonly hidden: JaxArray;
  /** `[edges, 1]`. */
  readonly weights2: JaxArray;
};

/** Sums of rows by group, for which jax-js has no function: the gradient of fetching a row of each group. */
function sumRows(rows: JaxArray, groupOf: JaxArray, groups: number): JaxArray {
  const zeros = np.zeros([groups, ...rows.shape.slice(1)]);
  const [out, back] = vjp((x: JaxArray) => np.take(x, groupOf, 0), [zeros]);
  out.dispose();
  const [summed] = back(rows);
  return summed;
}

function attendOverEdges(
  { senders, receivers }: Graph,
  nodes: number,
  projected: JaxArray,
  { source, target }: { readonly source: JaxArray; readonly target: JaxArray },
  kept: JaxArray,
): JaxArray {
  const ofSender = np.sum(projected.ref.mul(source), 2);
  const ofReceiver = np.sum(projected.ref.mul(target), 2);
  const sums = np.take(ofReceiver, receivers.ref, 0).add(np.take(ofSender, senders.ref, 0));
  const logits = nn.leakyRelu(sums, 0.2);
  // Not the maximum of each neighborhood: any number that keeps the exponentials from overflowing will do.
  const highest = lax.stopGradient(np.max(logits.ref, 0, { keepdims: true }));
  const exponentials = np.exp(logits.sub(highest));
  const sumsOfNodes = sumRows(exponentials.ref, receivers.ref, nodes);
  const weights = exponentials.div(np.take(sumsOfNodes, receivers.ref, 0)).mul(kept);
  const values = np.take(projected, senders.ref, 0);
  return sumRows(weights.reshape([...weights.shape, 1]).mul(values), receivers.ref, nodes);
}

function lossOf({ nodes, heads, channels, classes }: GatWork) {
  return (parameters: Parameters, graph: Graph, drawn: Drawn): JaxArray => {
    const { weight1, source1, target1, bias1, weight2, source2, target2, bias2 } = parameters;
    const projected1 = np.matmul(drawn.x, weight1.transpose()).reshape([nodes, heads, channels]);
    const first = attendOverEdges(graph, nodes, projected1, { source: source1, target: target1 }, drawn.weights1);
    const hidden = nn.elu(first.reshape([nodes, heads * channels]).add(bias1)).mul(drawn.hidden);
    const projected2 = np.matmul(hidden, weight2.transpose()).reshape([nodes, 1, classes]);
    const second = attendOverEdges(graph, nodes, projected2, { source: source2, target: target2 }, drawn.weights2);
    const logits = np.take(second.reshape([nodes, classes]).add(bias2), graph.training.ref, 0);
    const rows = logits.shape[0]!;
    return np.sum(nn.logSoftmax(logits, 1).mul(graph.targets.ref)).mul(-1 / rows);
  };
}

type State = { readonly parameters: Parameters; readonly first: Parameters; readonly second: Parameters };

/** For each parameter what a function gives for its name. */
function eachParameter(of: (name: Name) => JaxArray): Parameters {
  return {
    weight1: of("weight1"),
    source1: of("source1"),
    target1: of("target1"),
    bias1: of("bias1"),
    weight2: of("weight2"),
    source2: of("source2"),
    target2: of("target2"),
    bias2: of("bias2"),
  };
}

/** Adam, with weight decay added to the gradients. `corrections` is `[1 - beta1^t, 1 - beta2^t]`. */
function adam(
  { parameters, first, second }: State,
  gradients: Parameters,
  corrections: JaxArray,
  work: GatWork,
): State {
  const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];
  const decayed = eachParameter((name) => gradients[name].add(parameters[name].ref.mul(work.weightDecay)));
  const firstMoments = eachParameter((name) => first[name].mul(beta1).add(decayed[name].ref.mul(1 - beta1)));
  const secondMoments = eachParameter((name) => second[name].mul(beta2).add(np.square(decayed[name]).mul(1 - beta2)));
  const correction = (k: number): JaxArray => corrections.ref.slice(k);
  const stepped = eachParameter((name) => {
    const root = np.sqrt(secondMoments[name].ref.div(correction(1))).add(epsilon);
    return parameters[name].sub(firstMoments[name].ref.div(correction(0)).div(root).mul(work.learningRate));
  });
  return { parameters: stepped, first: firstMoments, second: secondMoments };
}

/** The network of the GAT paper by jax-js, with Adam. */
export class JaxGat {
  readonly #problem: GatProblem;
  readonly #graph: Graph;
  readonly #dense: Float32Array<ArrayBuffer>;
  readonly #epoch;
  readonly #gradients;
  #state: State;
  #steps = 0;

  constructor(problem: GatProblem) {
    const { work, floats, indices } = problem;
    const shapes = gatShapes(work);
    const zeros = (): Parameters => eachParameter((name) => np.zeros([...shapes[name]]));
    const targets = new Float32Array(indices.training.length * work.classes);
    for (const [row, node] of indices.training.entries()) targets[row * work.classes + indices.labels[node]!] = 1;
    this.#problem = problem;
    this.#dense = denseFeatures(problem);
    this.#graph = {
      senders: np.array(Int32Array.from(indices.senders)),
      receivers: np.array(Int32Array.from(receiversOf(indices))),
      training: np.array(Int32Array.from(indices.training)),
      targets: np.array(targets).reshape([indices.training.length, work.classes]),
    };
    this.#state = {
      parameters: eachParameter((name) => np.array(Float32Array.from(floats[name])).reshape([...shapes[name]])),
      first: zeros(),
      second: zeros(),
    };
    const gradients = valueAndGrad(lossOf(work));
    this.#gradients = jit(gradients);
    this.#epoch = jit((state: State, graph: Graph, drawn: Drawn, corrections: JaxArray): [JaxArray, State] => {
      const parameters = eachParameter((name) => state.parameters[name].ref);
      const [loss, of] = gradients(parameters, graph, drawn);
      return [loss, adam(state, of, corrections, work)];
    });
  }

  /** The loss and the gradient of the first weights, `[heads * channels, features]`, without dropout. */
  async answer(): Promise<{ readonly loss: number; readonly firstGradient: ArrayLike<number> }> {
    const parameters = eachParameter((name) => this.#state.parameters[name].ref);
    const [loss, gradients] = this.#gradients(parameters, held(this.#graph), this.#draw(false));
    return { loss: await numberOf(loss), firstGradient: await gradients.weight1.data() };
  }

  /** One epoch. The loss before it. */
  async step(withDropout: boolean): Promise<number> {
    this.#steps++;
    const corrections = np.array([1 - 0.9 ** this.#steps, 1 - 0.999 ** this.#steps]);
    const [loss, state] = this.#epoch(this.#state, held(this.#graph), this.#draw(withDropout), corrections);
    this.#state = state;
    await blockUntilReady(state);
    return numberOf(loss);
  }

  #draw(withDropout: boolean): Drawn {
    const { nodes, features, heads, channels, dropout } = this.#problem.work;
    const edges = this.#problem.indices.senders.length;
    const probability = withDropout ? dropout : 0;
    const keep = (...shape: number[]): JaxArray => {
      const length = shape.reduce((product, size) => product * size, 1);
      return np.array(drawKept(length, probability)).reshape(shape);
    };
    return {
      x: np.array(this.#dropFeatures(probability)).reshape([nodes, features]),
      weights1: keep(edges, heads),
      hidden: keep(nodes, heads * channels),
      weights2: keep(edges, 1),
    };
  }

  /** Only what is not zero is drawn for: the zeros between stay what they are. */
  #dropFeatures(probability: number): Float32Array<ArrayBuffer> {
    const { work, floats, indices } = this.#problem;
    const kept = drawKept(floats.featureValues.length, probability);
    for (let node = 0; node < work.nodes; node++) {
      for (let p = indices.featureOffsets[node]!; p < indices.featureOffsets[node + 1]!; p++) {
        this.#dense[node * work.features + indices.featureColumns[p]!] = floats.featureValues[p]! * kept[p]!;
      }
    }
    return this.#dense;
  }
}

/** The arrays of the graph are read by every epoch, and a function of jax-js takes what it is given. */
function held({ senders, receivers, training, targets }: Graph): Graph {
  return { senders: senders.ref, receivers: receivers.ref, training: training.ref, targets: targets.ref };
}

async function numberOf(scalar: JaxArray): Promise<number> {
  return Number((await scalar.data())[0]);
}
