import type { DrawnAtoms } from "../molecule/drawn-atoms.ts";

/** An atom as reached on one path from a center, or a duplicate that stands for a multiple bond or a closed ring. */
interface Branch {
  /** Undefined for a duplicate and for a hydrogen that is not an atom of the molecule: nothing is bound to those. */
  readonly atom: number | undefined;
  readonly atomicNumber: number;
  readonly parent: Branch | undefined;
  /** In descending order; undefined until they are asked for. */
  children: readonly Branch[] | undefined;
}

/** Beyond this many branches of one center the search is given up: it grows with the count of paths, not of atoms. */
const mostBranches = 5_000;

const hydrogen = 1;

/**
 * Orders what is bound to an atom by sequence rule 1a of Cahn, Ingold and Prelog (1966; Prelog and Helmchen, 1982): atomic numbers, sphere by sphere,
 * in the hierarchical digraph in which multiple bonds and rings are opened by duplicate atoms.
 *
 * @param neighbors Atoms bound to `center`.
 * @returns The neighbors in descending order; undefined when rule 1a leaves two of them equal, or the search is too long.
 */
export function cipOrder(drawn: DrawnAtoms, center: number, neighbors: readonly number[]): number[] | undefined {
  const root: Branch = { atom: center, atomicNumber: 0, parent: undefined, children: undefined };
  const search = new Search(drawn);
  const branches = neighbors.map((atom) => search.branch(atom, root));
  let tied = false;
  branches.sort((a, b) => {
    const difference = search.compare(b, a);
    tied ||= difference === 0;
    return difference;
  });
  return tied || search.given > mostBranches ? undefined : branches.map(({ atom }) => atom ?? center);
}

class Search {
  readonly #drawn: DrawnAtoms;
  /** Count of branches made. */
  given = 0;

  constructor(drawn: DrawnAtoms) {
    this.#drawn = drawn;
  }

  branch(atom: number, parent: Branch): Branch {
    this.given++;
    return { atom, atomicNumber: this.#drawn.atomicNumber[atom]!, parent, children: undefined };
  }

  /** Positive when `a` is of higher rank. */
  compare(a: Branch, b: Branch): number {
    if (a.atomicNumber !== b.atomicNumber) return a.atomicNumber - b.atomicNumber;
    let sphere: (readonly [Branch, Branch])[] = [[a, b]];
    while (sphere.length > 0 && this.given <= mostBranches) {
      const next: (readonly [Branch, Branch])[] = [];
      for (const [x, y] of sphere) {
        const [of, than] = [this.#childrenOf(x), this.#childrenOf(y)];
        for (let k = 0; k < Math.max(of.length, than.length); k++) {
          const difference = (of[k]?.atomicNumber ?? 0) - (than[k]?.atomicNumber ?? 0);
          if (difference !== 0) return difference;
          next.push([of[k]!, than[k]!]);
        }
      }
      sphere = next;
    }
    return 0;
  }

  #childrenOf(branch: Branch): readonly Branch[] {
    if (branch.children !== undefined || branch.atom === undefined) return branch.children ?? [];
    const { bondStarts, bondOf, neighborOf, order, hydrogens } = this.#drawn;
    const { atom, parent } = branch;
    const children: Branch[] = [];
    for (let p = bondStarts[atom]!; p < bondStarts[atom + 1]!; p++) {
      const neighbor = neighborOf[p]!;
      let duplicates = Math.max(order[bondOf[p]!]!, 1) - 1;
      if (neighbor !== parent?.atom) {
        if (onPath(neighbor, branch)) duplicates++;
        else children.push(this.branch(neighbor, branch));
      }
      for (; duplicates > 0; duplicates--) children.push(leaf(this.#drawn.atomicNumber[neighbor]!, branch));
    }
    for (let h = hydrogens[atom]!; h > 0; h--) {
      children.push(leaf(hydrogen, branch));
    }
    branch.children = children.sort((a, b) => this.compare(b, a));
    return branch.children;
  }
}

function leaf(atomicNumber: number, parent: Branch): Branch {
  return { atom: undefined, atomicNumber, parent, children: undefined };
}

function onPath(atom: number, branch: Branch): boolean {
  for (let at: Branch | undefined = branch; at !== undefined; at = at.parent) if (at.atom === atom) return true;
  return false;
}
