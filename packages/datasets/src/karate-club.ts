import { UndirectedGraph } from "graphology";
import { karateClub as generate } from "graphology-generators/social/index.js";

/** The node attribute of `karateClub`: whom a member followed after the split. */
export interface KarateClubMember extends Record<string, unknown> {
  /** Whom the member followed. */
  readonly club: "Mr. Hi" | "Officer";
}

/**
 * Zachary's karate club: 34 members, 78 friendships, and the attribute `club`: who stayed with the instructor ("Mr. Hi",
 * node 0) and who went with the president ("Officer", node 33). It is graphology's own graph, a new one each time.
 *
 * Source: Zachary, An Information Flow Model for Conflict and Fission in Small Groups, Journal of Anthropological Research 33,
 * 1977.
 */
export function karateClub(): UndirectedGraph<KarateClubMember> {
  return generate<KarateClubMember>(UndirectedGraph);
}
