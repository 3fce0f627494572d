import type { Entry, Work } from "./contest.ts";
import type { Floor } from "./floors.ts";

/** A kind of work with the programs that do it: one name of `--only`. */
export interface PeerGroup {
  readonly name: string;
  /** A sentence for `--help`. */
  readonly description: string;
  /** What is to be done, or why nothing can be. Finds compilers, interpreters and data as far as it needs them. */
  pieces(setting: PeerSetting): Promise<readonly Piece[] | Skipped>;
}

/** One piece of work with those who do it. */
export interface Piece {
  readonly work: Work;
  /** The first is ours. */
  readonly entries: readonly Entry[];
  readonly floors: readonly Floor[];
  /** Rounds that do not count. Default 2. */
  readonly warmUp?: number;
}

/** A group that could not be measured. */
export interface Skipped {
  /** A sentence. */
  readonly skipped: string;
}

/** What all groups are told. */
export interface PeerSetting {
  /** Counts of edges, for work that comes in sizes. */
  readonly sizes: readonly number[];
  /** Whether a peer is to take part. */
  wants(peer: PeerName): boolean;
  /** An interpreter that has PyTorch Geometric; installed by the first who asks. */
  python(): Promise<string>;
  /** A folder for programs that are built. */
  readonly folder: string;
  /** For the user, while the work goes on. */
  say(line: string): void;
}

/** Those who can be left out. */
export const peerNames = ["pyg", "pyg-compiled", "c", "tfjs", "jax-js"] as const;

/** One of {@link peerNames}. */
export type PeerName = (typeof peerNames)[number];
