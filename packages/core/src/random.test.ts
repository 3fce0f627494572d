import { describe, expect, it } from "vitest";
import { Random } from "./random.ts";

function draws<T>(count: number, draw: () => T): T[] {
  return Array.from({ length: count }, draw);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** The mean of `((x - center) / scale) ^ power`. */
function moment(values: readonly number[], power: number, center = 0, scale = 1): number {
  return meanOf(values.map((x) => ((x - center) / scale) ** power));
}

/** Pearson's statistic of counts that should be equal. */
function chiSquare(counts: readonly number[]): number {
  const expected = meanOf(counts);
  return counts.reduce((total, count) => total + (count - expected) ** 2 / expected, 0);
}

function countsOf(values: readonly number[], bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) counts[value]!++;
  return counts;
}

describe("a seed", () => {
  // Computed by a program of its own (Python) from the published definitions of splitmix32 and xoshiro128** 1.1.
  const known: readonly (readonly [seed: number, bits: readonly number[]])[] = [
    [0, [1789933344, 44971166, 2521387044, 3848737593]],
    [1, [393288148, 2174103013, 3814759091, 2092745082]],
    [42, [660444221, 3652823732, 77672526, 910233633]],
    [2 ** 32, [603452075, 1972721857, 3334112505, 696888925]],
    [2 ** 53 - 1, [1843362042, 985676716, 612476005, 2437270429]],
  ];
  for (const [seed, bits] of known) {
    it(`of ${seed} gives the numbers that it always gave`, () => {
      const random = new Random(seed);
      expect(draws(4, () => random.bits())).toEqual(bits);
    });
  }

  it("gives the same numbers every time, of every kind", () => {
    const sequence = () => {
      const random = new Random(7);
      const shuffled = random.shuffle([1, 2, 3, 4, 5]);
      return [random.uniform(-2, 3), random.integer(1000), random.normal(1, 2), ...shuffled, random.fork().bits()];
    };
    expect(sequence()).toEqual(sequence());
    const random = new Random(1);
    expect(draws(3, () => random.uniform())).toEqual([0.09156953175513294, 0.8881928137485323, 0.43427017709149285]);
  });

  it("gives other numbers than every other seed nearby", () => {
    const first = draws(2000, () => 0).map((_, seed) => new Random(seed).bits());
    expect(new Set(first).size).toBe(2000);
    // As often above as below the middle, although the seeds are in order.
    const above = first.filter((bits) => bits >= 2 ** 31).length;
    expect(Math.abs(above - 1000)).toBeLessThan(4 * Math.sqrt(2000) * 0.5);
  });

  for (const seed of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    it(`of ${seed} is refused`, () => {
      expect(() => new Random(seed)).toThrow(
        expect.objectContaining({ code: "out-of-range", message: expect.stringContaining(String(seed)) }),
      );
    });
  }
});

// The seeds are fixed: a test that passes once passes always. The bounds are those that one seed in ten thousand would miss.
describe("random numbers", () => {
  const count = 100_000;

  it("are whole 32-bit numbers, every bit set half of the time", () => {
    const random = new Random(11);
    const values = draws(20_000, () => random.bits());
    for (const value of values) expect(value).toBe(value >>> 0);
    for (let bit = 0; bit < 32; bit++) {
      const set = values.filter((value) => (value >>> bit) & 1).length;
      expect(Math.abs(set - 10_000), `bit ${bit}`).toBeLessThan(4 * Math.sqrt(20_000) * 0.5);
    }
  });

  it("are uniform from 0 up to 1", () => {
    const random = new Random(12);
    const values = draws(count, () => random.uniform());
    for (const value of values) if (!(value >= 0 && value < 1)) throw new Error(`got ${value}`);
    expect(Math.abs(moment(values, 1) - 1 / 2)).toBeLessThan(4 * Math.sqrt(1 / 12 / count));
    expect(Math.abs(moment(values, 2) - 1 / 3)).toBeLessThan(4 * Math.sqrt(4 / 45 / count));
    expect(Math.abs(moment(values, 4) - 1 / 5)).toBeLessThan(4 * Math.sqrt(16 / 225 / count));
    const tenths = values.map((value) => Math.floor(value * 10));
    expect(chiSquare(countsOf(tenths, 10))).toBeLessThan(33.7);
  });

  it("use all 53 bits of a number below 1", () => {
    const random = new Random(13);
    const odd = draws(1000, () => random.uniform()).filter((value) => (value * 2 ** 53) % 2 === 1).length;
    expect(Math.abs(odd - 500)).toBeLessThan(64);
  });

  it("are uniform between bounds", () => {
    const random = new Random(14);
    const values = draws(10_000, () => random.uniform(-3, 5));
    for (const value of values) if (!(value >= -3 && value < 5)) throw new Error(`got ${value}`);
    expect(Math.abs(meanOf(values) - 1)).toBeLessThan(4 * Math.sqrt(64 / 12 / 10_000));
  });

  it("are integers below a count, each as often", () => {
    const random = new Random(15);
    expect(
      chiSquare(
        countsOf(
          draws(70_000, () => random.integer(7)),
          7,
        ),
      ),
    ).toBeLessThan(27.9);
    expect(draws(100, () => random.integer(1))).toEqual(new Array(100).fill(0));
  });

  it("are integers without a bias where the count does not divide 2^32", () => {
    // The remainder of 32 bits would be in the first third half of the time.
    const third = 2 ** 30;
    const random = new Random(16);
    const thirds = draws(30_000, () => Math.floor(random.integer(3 * third) / third));
    expect(chiSquare(countsOf(thirds, 3))).toBeLessThan(18.4);
  });

  it("are normal, by their moments and by how many lie within one and two deviations", () => {
    const random = new Random(17);
    const values = draws(count, () => random.normal());
    expect(Math.abs(moment(values, 1))).toBeLessThan(4 * Math.sqrt(1 / count));
    expect(Math.abs(moment(values, 2) - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    expect(Math.abs(moment(values, 3))).toBeLessThan(4 * Math.sqrt(15 / count));
    expect(Math.abs(moment(values, 4) - 3)).toBeLessThan(4 * Math.sqrt(96 / count));
    for (const [deviations, share] of [
      [1, 0.682689],
      [2, 0.9545],
    ] as const) {
      const within = values.filter((value) => Math.abs(value) < deviations).length / count;
      expect(Math.abs(within - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / count));
    }
  });

  it("are normal with a mean and a deviation", () => {
    const random = new Random(18);
    const values = draws(count, () => random.normal(-2, 3));
    expect(Math.abs(moment(values, 1, -2, 3))).toBeLessThan(4 * Math.sqrt(1 / count));
    expect(Math.abs(moment(values, 2, -2, 3) - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
  });

  it("do not follow from the one before", () => {
    const random = new Random(19);
    const values = draws(count, () => random.uniform() - 0.5);
    const product = meanOf(values.slice(1).map((value, k) => value * values[k]!)) * 12;
    expect(Math.abs(product)).toBeLessThan(4 / Math.sqrt(count));
  });
});

describe("shuffle", () => {
  it("is a permutation, in place, of arrays and typed arrays", () => {
    const items = draws(100, () => 0).map((_, k) => k);
    const shuffled = new Random(21).shuffle(items);
    expect(shuffled).toBe(items);
    expect(shuffled).not.toEqual([...shuffled].sort((a, b) => a - b));
    expect([...shuffled].sort((a, b) => a - b)).toEqual(Array.from(items.keys()));
    expect(new Random(21).shuffle(Uint32Array.from({ length: 100 }, (_, k) => k))).toEqual(Uint32Array.from(items));
    expect(new Random(21).shuffle([])).toEqual([]);
  });

  it("gives every order as often", () => {
    const random = new Random(22);
    const orders = ["012", "021", "102", "120", "201", "210"];
    const found = draws(60_000, () => orders.indexOf(random.shuffle([0, 1, 2]).join("")));
    expect(chiSquare(countsOf(found, 6))).toBeLessThan(25.8);
  });
});

describe("fork", () => {
  it("gives generators whose numbers do not depend on who draws first", () => {
    const one = new Random(31);
    const [a, b] = [one.fork(), one.fork()];
    const together = draws(10, () => [a.bits(), b.bits()]);
    const other = new Random(31);
    const [c, d] = [other.fork(), other.fork()];
    const last = draws(10, () => d.bits());
    const first = draws(10, () => c.bits());
    expect(together).toEqual(first.map((bits, k) => [bits, last[k]]));
  });

  it("gives numbers that have nothing to do with those of its parent or of another fork", () => {
    const parent = new Random(32);
    const generators = [parent.fork(), parent.fork(), parent];
    const values = generators.map((random) => draws(20_000, () => random.uniform() - 0.5));
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      const correlation = 12 * meanOf(values[i]!.map((value, k) => value * values[j]![k]!));
      expect(Math.abs(correlation), `${i} and ${j}`).toBeLessThan(4 / Math.sqrt(20_000));
    }
  });
});

describe("the state of a generator", () => {
  it("goes on where another was, with numbers of every kind", () => {
    const random = new Random(3);
    draws(5, () => random.normal());
    const other = new Random(4);
    other.restore(random.state);
    const kinds = (r: Random) => [
      r.bits(),
      r.uniform(),
      r.integer(9),
      r.normal(),
      r.shuffle([1, 2, 3, 4]),
      r.fork().bits(),
    ];
    expect(kinds(other)).toEqual(kinds(random));
  });

  it("is a copy of four numbers", () => {
    const random = new Random(3);
    const { state } = random;
    const [first] = [random.bits()];
    expect(state).toHaveLength(4);
    random.restore([...state]);
    expect(random.bits()).toBe(first);
  });

  it.each<[string, ArrayLike<number>]>([
    ["all zero", [0, 0, 0, 0]],
    ["three numbers", [1, 2, 3]],
    ["five numbers", [1, 2, 3, 4, 5]],
    ["a fraction", [1, 2, 3, 0.5]],
    ["a negative number", [1, 2, 3, -1]],
    ["2^32", [1, 2, 3, 2 ** 32]],
    ["no number", [1, 2, 3, Number.NaN]],
  ])("is refused if it is %s", (_what, state) => {
    const random = new Random(3);
    expect(() => random.restore(state)).toThrow(expect.objectContaining({ name: "OptionError", code: "out-of-range" }));
    expect(random.state).toEqual(new Random(3).state);
  });
});
