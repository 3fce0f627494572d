import { OptionError, Random } from "@vicinal/core";
import { UndirectedGraph } from "graphology";

/** What {@link communityGraph} makes. */
export interface CommunityOptions {
  readonly nodes: number;
  readonly communities: number;
  /** How many neighbors a node has on average. */
  readonly degree: number;
  /** The share of edges that stay within a community. */
  readonly inside: number;
  /** Numbers of each node: the mean of its community, and noise. */
  readonly features: number;
  /** The deviation of the noise, where the means of communities deviate by 1. */
  readonly noise: number;
  /** The share of nodes whose label may be learned from; the labels of the others are hidden, and test what was learned. */
  readonly known: number;
  readonly seed: number;
}

/** The graph of the page: neither the features nor the edges alone tell the communities. */
export const pageCommunities: Omit<CommunityOptions, "seed"> = {
  nodes: 2000,
  communities: 6,
  degree: 7,
  inside: 0.72,
  features: 12,
  noise: 2.2,
  known: 0.1,
};

/** The attributes of a node of {@link communityGraph}. */
export interface CommunityMember extends Record<string, unknown> {
  readonly community: string;
  readonly traits: readonly number[];
  readonly part: "train" | "test";
}

/**
 * A planted partition (Condon and Karp, 2001) whose nodes have features: edges are drawn one by one, a share of them within a community, the others
 * between any two different ones. The same options give the same graph. Every community has nearly as many nodes, and as many known labels.
 *
 * @throws OptionError `out-of-range` for counts and shares that cannot be.
 */
export function communityGraph(options: CommunityOptions): UndirectedGraph<CommunityMember> {
  check(options);
  const { nodes, communities, degree, inside, features, noise, known, seed } = options;
  const random = new Random(seed);
  const means = Array.from({ length: communities }, () => Array.from({ length: features }, () => random.normal()));
  const members = Array.from({ length: communities }, (): number[] => []);
  const order = random.shuffle(Array.from({ length: nodes }, (_, node) => node));
  const communityOf = new Int32Array(nodes);
  for (const [place, node] of order.entries()) {
    communityOf[node] = place % communities;
    members[place % communities]!.push(node);
  }
  const isKnown = new Set(members.flatMap((ofOne) => ofOne.slice(0, Math.max(1, Math.round(known * ofOne.length)))));

  const graph = new UndirectedGraph<CommunityMember>();
  for (let node = 0; node < nodes; node++) {
    const community = communityOf[node]!;
    graph.addNode(String(node), {
      community: `Group ${String.fromCharCode(65 + community)}`,
      traits: means[community]!.map((mean) => mean + random.normal(0, noise)),
      part: isKnown.has(node) ? "train" : "test",
    });
  }
  const wanted = Math.round((nodes * degree) / 2);
  for (let drawn = 0; drawn < wanted; drawn++) {
    const source = random.integer(nodes);
    const own = communityOf[source]!;
    const other = communities === 1 ? own : (own + 1 + random.integer(communities - 1)) % communities;
    const from = members[random.uniform() < inside ? own : other]!;
    const target = from[random.integer(from.length)]!;
    if (source !== target) graph.mergeEdgeWithKey(String(drawn), String(source), String(target));
  }
  return graph;
}

function check({ nodes, communities, degree, inside, features, noise, known }: CommunityOptions): void {
  const counts = { communities, features };
  for (const [name, count] of Object.entries(counts)) {
    if (Number.isInteger(count) && count >= 1 && (name === "features" || count <= Math.min(nodes, 26))) continue;
    throw new OptionError(
      "out-of-range",
      `communityGraph: got ${name} ${count}; expected a whole number from 1, and no more communities than nodes, or than 26.`,
    );
  }
  if (!Number.isInteger(nodes) || !(degree >= 0) || !(noise >= 0)) {
    throw new OptionError(
      "out-of-range",
      `communityGraph: got ${nodes} nodes, degree ${degree}, noise ${noise}; expected a whole number of nodes, and no number below 0.`,
    );
  }
  for (const [name, share] of Object.entries({ inside, known })) {
    if (share >= 0 && share <= 1) continue;
    throw new OptionError("out-of-range", `communityGraph: got ${name} ${share}; expected a share from 0 to 1.`);
  }
}
