import { Random } from "@vicinal/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Address, drawAddresses, type Label, layoutNames, splitNames } from "./addresses.ts";
import { givenNames, placeNames } from "./names.ts";

const { learned, heldOut } = splitNames(new Random(0));
const seeds = fc.nat({ max: 2 ** 32 });

/** The words of each run of one label, commas left out. */
function runsOf({ words, labels }: Address): { readonly label: Label; readonly text: string }[] {
  const runs: { label: Label; text: string }[] = [];
  words.forEach((word, i) => {
    const label = labels[i];
    if (label === undefined) return;
    const last = runs.at(-1);
    if (last?.label === label) last.text += ` ${word}`;
    else runs.push({ label, text: word });
  });
  return runs;
}

const postcodes = {
  american: /^\d{5}(-\d{4})?$/,
  british: /^[A-Z]{2}\d{1,2} \d[A-Z]{2}$/,
  french: /^\d{5}$/,
  german: /^\d{5}$/,
  spanish: /^\d{5}$/,
};

describe("addresses", () => {
  it("are the same for the same seed, and others for another", () => {
    const drawn = (seed: number) => drawAddresses(20, learned, new Random(seed));
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(drawn(seed)).toEqual(drawn(seed));
        expect(drawn(seed)).not.toEqual(drawn(seed + 1));
      }),
      { numRuns: 20 },
    );
  });

  it("have a label for every word but commas, and each part once and in one piece", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        for (const address of drawAddresses(5, learned, new Random(seed))) {
          expect(address.labels).toHaveLength(address.words.length);
          address.words.forEach((word, i) => {
            expect(word).toMatch(/^(,|[\p{L}\d#º.-]+)$/u);
            expect(address.labels[i] === undefined).toBe(word === ",");
          });
          const parts = runsOf(address).map(({ label }) => label);
          expect(new Set(parts).size).toBe(parts.length);
          expect(parts).toEqual(expect.arrayContaining(["house", "street", "city", "postcode"]));
        }
      }),
    );
  });

  it("have house numbers and postcodes as their country writes them", () => {
    for (const address of drawAddresses(1000, heldOut, new Random(3))) {
      for (const { label, text } of runsOf(address)) {
        if (label === "postcode") expect(text).toMatch(postcodes[address.layout]);
        if (label === "house") expect(text).toMatch(/^\d+( ?[a-z]| bis| ter)?$/);
      }
    }
  });

  it("are written without commas at times, and in every layout about as often", () => {
    const addresses = drawAddresses(2000, learned, new Random(5));
    const bare = addresses.filter(({ words }) => !words.includes(",")).length;
    expect(bare / addresses.length).toBeGreaterThan(0.2);
    expect(bare / addresses.length).toBeLessThan(0.3);
    for (const layout of layoutNames) {
      const share = addresses.filter((address) => address.layout === layout).length / addresses.length;
      expect(share).toBeCloseTo(0.2, 1);
    }
  });

  it("need context: names are parts of several kinds, and so are numbers of one length", () => {
    const labelsOf = new Map<string, Set<Label>>();
    for (const { words, labels } of drawAddresses(4000, learned, new Random(7))) {
      words.forEach((word, i) => {
        const token = /^\d+$/.test(word) ? `${word.length} digits` : word;
        const label = labels[i];
        if (label !== undefined) labelsOf.set(token, (labelsOf.get(token) ?? new Set()).add(label));
      });
    }
    for (const name of learned.american.places) expect(labelsOf.get(name)?.size).toBeGreaterThanOrEqual(3);
    expect([...labelsOf.get("5 digits")!].sort()).toEqual(["house", "postcode"]);
    expect([...labelsOf.get("2 digits")!].sort()).toEqual(["city", "house", "street", "unit"]);
  });
});

describe("held-out names", () => {
  it("are a third of all, and in no layout one that is learned from", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const split = splitNames(new Random(seed));
        const namesOf = (names: typeof learned) =>
          new Set(layoutNames.flatMap((layout) => [...names[layout].places, ...names[layout].given]));
        const [used, unused] = [namesOf(split.learned), namesOf(split.heldOut)];
        expect([...used].filter((name) => unused.has(name))).toEqual([]);
        expect(unused.size / (used.size + unused.size)).toBeCloseTo(1 / 3, 1);
        for (const layout of layoutNames) {
          const { places, given } = split.heldOut[layout];
          expect(places.length).toBeGreaterThanOrEqual(10);
          expect(given.length).toBeGreaterThanOrEqual(3);
          expect(places.length + split.learned[layout].places.length).toBe(placeNames[layout].length);
          expect(given.length + split.learned[layout].given.length).toBe(givenNames[layout].length);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("are in no word of an address that is learned from", () => {
    const words = new Set(drawAddresses(3000, learned, new Random(2)).flatMap((address) => address.words));
    const names = layoutNames.flatMap((layout) => [...heldOut[layout].places, ...heldOut[layout].given]);
    for (const name of names) {
      expect(words).not.toContain(name);
      expect(words).not.toContain(`${name}straße`);
    }
  });
});
