/** A node that a search found. */
export interface FoundNode {
  readonly node: number;
  readonly name: string;
}

/**
 * Nodes whose name holds a text, whatever its case: those that are called just so first, then those that begin with it, in the order of the graph.
 *
 * @param most How many are listed.
 */
export function findNodes(
  names: readonly string[],
  text: string,
  most: number,
): { readonly found: FoundNode[]; readonly total: number } {
  const wanted = text.trim().toLowerCase();
  const ranks: FoundNode[][] = [[], [], []];
  let total = 0;
  for (const [node, name] of names.entries()) {
    const lower = name.toLowerCase();
    const at = lower.indexOf(wanted);
    if (at < 0) continue;
    total += 1;
    const rank = ranks[lower === wanted ? 0 : at === 0 ? 1 : 2]!;
    if (rank.length < most) rank.push({ node, name });
  }
  return { found: ranks.flat().slice(0, most), total };
}
