import type { SparseNeighborhood } from "@vicinal/core";

/**
 * `S = D^-1/2 A D^-1/2` in compressed rows, over the nodes that have a neighbor: the symmetric normalized Laplacian is `I - S`. Its eigenvalues are
 * from -1 to 1, and 1 is one of them as often as there are components.
 */
export interface SymmetricAdjacency {
  /** Count of rows: nodes that have a neighbor. */
  readonly size: number;
  /** `[size + 1]`. */
  readonly offsets: Uint32Array;
  /** The column of each stored number. */
  readonly columns: Uint32Array;
  /** Each stored number. */
  readonly values: Float64Array;
  /** `[size]`: the node of each row. */
  readonly nodeOf: Uint32Array;
  /** `[size]`: the square root of each row's degree. */
  readonly rootDegrees: Float64Array;
  /** `[size]`: the component of each row; components are numbered from the one with the most nodes, of equal ones the one with the first node. */
  readonly componentOf: Uint32Array;
  /** Count of components. */
  readonly components: number;
}

/**
 * `A` counts the edges between two nodes, half of those in either direction, self-loops left out: of a graph whose edges have no direction, the
 * edges themselves.
 */
export function symmetricAdjacency(neighborhood: SparseNeighborhood): SymmetricAdjacency {
  const { receivers: nodes, offsets, senderOf, transposed } = neighborhood;
  const columns = new Uint32Array(2 * neighborhood.edges);
  const counts = new Float64Array(2 * neighborhood.edges);
  const ends = new Uint32Array(nodes);
  const degrees = new Float64Array(nodes);
  /** Where the row being made has each column; valid from the row's start on. */
  const place = new Int32Array(nodes).fill(-1);
  let end = 0;
  for (let i = 0; i < nodes; i++) {
    const start = end;
    const add = (j: number): void => {
      if (j === i) return;
      if (place[j]! < start) {
        place[j] = end;
        columns[end++] = j;
      }
      counts[place[j]!]! += 0.5;
      degrees[i]! += 0.5;
    };
    for (let p = offsets[i]!; p < offsets[i + 1]!; p++) add(senderOf[p]!);
    for (let p = transposed.offsets[i]!; p < transposed.offsets[i + 1]!; p++) add(transposed.receivers[p]!);
    ends[i] = end;
  }

  const rowOf = new Int32Array(nodes).fill(-1);
  let size = 0;
  for (let i = 0; i < nodes; i++) if (degrees[i]! > 0) rowOf[i] = size++;
  const nodeOf = Uint32Array.from(rowOf.keys()).filter((i) => rowOf[i]! >= 0);
  const rowOffsets = new Uint32Array(size + 1);
  nodeOf.forEach((node, row) => {
    rowOffsets[row + 1] = ends[node]!;
  });
  const rootDegrees = Float64Array.from(nodeOf, (node) => Math.sqrt(degrees[node]!));
  const values = new Float64Array(end);
  for (let row = 0; row < size; row++) {
    for (let p = rowOffsets[row]!; p < rowOffsets[row + 1]!; p++) {
      const column = rowOf[columns[p]!]!;
      columns[p] = column;
      values[p] = counts[p]! / (rootDegrees[row]! * rootDegrees[column]!);
    }
  }
  const rows = { size, offsets: rowOffsets, columns: columns.slice(0, end) };
  return { ...rows, values, nodeOf, rootDegrees, ...componentsOf(rows) };
}

function componentsOf({
  size,
  offsets,
  columns,
}: Pick<SymmetricAdjacency, "size" | "offsets" | "columns">): Pick<SymmetricAdjacency, "componentOf" | "components"> {
  const found = new Int32Array(size).fill(-1);
  const sizes: number[] = [];
  const queue = new Uint32Array(size);
  for (let seed = 0; seed < size; seed++) {
    if (found[seed]! >= 0) continue;
    const component = sizes.length;
    found[seed] = component;
    queue[0] = seed;
    let [next, last] = [0, 1];
    while (next < last) {
      const row = queue[next++]!;
      for (let p = offsets[row]!; p < offsets[row + 1]!; p++) {
        const column = columns[p]!;
        if (found[column]! >= 0) continue;
        found[column] = component;
        queue[last++] = column;
      }
    }
    sizes.push(last);
  }
  const bySize = [...sizes.keys()].sort((a, b) => sizes[b]! - sizes[a]! || a - b);
  const rank = new Uint32Array(sizes.length);
  bySize.forEach((component, place) => {
    rank[component] = place;
  });
  return { componentOf: Uint32Array.from(found, (component) => rank[component]!), components: sizes.length };
}

/** `y <- scale S x + shift x + keep y` for `width` vectors at once, both `[size, width]`. By default `y <- S x`. */
export function multiplyRows(
  { size, offsets, columns, values }: SymmetricAdjacency,
  x: Float64Array,
  y: Float64Array,
  width: number,
  { scale, shift, keep }: { readonly scale: number; readonly shift: number; readonly keep: number } = product,
): void {
  for (let row = 0; row < size; row++) {
    const to = row * width;
    for (let k = to; k < to + width; k++) y[k] = shift * x[k]! + keep * y[k]!;
    for (let p = offsets[row]!; p < offsets[row + 1]!; p++) {
      const [from, value] = [columns[p]! * width, scale * values[p]!];
      for (let k = 0; k < width; k++) y[to + k]! += value * x[from + k]!;
    }
  }
}

const product = { scale: 1, shift: 0, keep: 0 };
