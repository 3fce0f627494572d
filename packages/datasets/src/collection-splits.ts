import { mersenne } from "pure-rand/generator/mersenne";
import type { Split } from "./dataset.ts";
import { splitsFromCodes, TEST, TRAIN, VALIDATION } from "./splits.ts";

/** The splits of the collection come from the seeds 0 to 4. */
const SEEDS = [0, 1, 2, 3, 4] as const;

/**
 * Five random splits of 60 % train, 20 % validation and 20 % test within every class, where the publisher gives none. They are
 * those of the folder layout, number for number: class by class, the nodes are shuffled by NumPy's `RandomState(seed)` and cut
 * at `round(0.6 n)` and `round(0.8 n)`.
 */
export function stratifiedSplits(labels: Int32Array): Split[] {
  return splitClasses(labels, (count) => [Math.round(0.6 * count), Math.round(0.8 * count)]);
}

/** Five random splits after Shchur et al. 2018: of every class 20 nodes to train, 30 to validate, the rest to test. */
export function protocolSplits(labels: Int32Array): Split[] {
  return splitClasses(labels, () => [20, 50]);
}

function splitClasses(labels: Int32Array, cuts: (count: number) => readonly [number, number]): Split[] {
  const classes = labels.reduce((highest, label) => Math.max(highest, label), -1) + 1;
  const codes = new Uint8Array(SEEDS.length * labels.length);
  for (const [s, seed] of SEEDS.entries()) {
    const shuffle = numpyShuffle(seed);
    for (let c = 0; c < classes; c++) {
      const members = Array.from(labels.keys()).filter((node) => labels[node] === c);
      const [first, second] = cuts(members.length);
      shuffle(members);
      for (const [place, node] of members.entries()) {
        codes[s * labels.length + node] = place < first ? TRAIN : place < second ? VALIDATION : TEST;
      }
    }
  }
  return splitsFromCodes("splits of the collection", codes, labels.length);
}

/**
 * `numpy.random.RandomState(seed).shuffle`: Fisher–Yates from the end, each place drawn from the Mersenne Twister by
 * masking and rejection (numpy/random/src/legacy, `random_interval`). NumPy promises never to change it.
 */
function numpyShuffle(seed: number): (items: number[]) => void {
  const generator = mersenne(seed);
  return (items) => {
    for (let last = items.length - 1; last > 0; last--) {
      const mask = 0xffffffff >>> Math.clz32(last);
      let place: number;
      do place = (generator.next() & mask) >>> 0;
      while (place > last);
      [items[last], items[place]] = [items[place]!, items[last]!];
    }
  };
}
