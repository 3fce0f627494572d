import { describe, expect, it } from "vitest";
import { bipartite } from "./bipartite.ts";

describe("bipartite", () => {
  it("holds the pairs of two sets that are numbered apart from each other", () => {
    const words = bipartite({ senders: [3, 0, 3, 3], receivers: [1, 0, 0, 0], senderCount: 5, receiverCount: 3 });
    expect(words).toMatchObject({ receivers: 3, senders: 5, edges: 4 });
    expect(words.offsets).toEqual(Uint32Array.of(0, 3, 4, 4));
    expect(words.senderOf).toEqual(Uint32Array.of(0, 3, 3, 3));
    expect(words.edgeOf).toEqual(Uint32Array.of(1, 2, 3, 0));
  });

  it("takes typed arrays as they are", () => {
    const one = bipartite({
      senders: Uint32Array.of(1),
      receivers: Uint8Array.of(0),
      senderCount: 2,
      receiverCount: 1,
    });
    expect(one.senderOf).toEqual(Uint32Array.of(1));
  });

  const pair = { senders: [0], receivers: [0], senderCount: 1, receiverCount: 1 };
  const refused: Readonly<Record<string, readonly [make: () => unknown, name: string, code: string, says: string]>> = {
    "a negative sender": [
      () => bipartite({ ...pair, senders: [-1] }),
      "DataError",
      "index-out-of-range",
      "the sender -1 in pair 0",
    ],
    "half a receiver": [
      () => bipartite({ ...pair, receivers: [0.5] }),
      "DataError",
      "index-out-of-range",
      "the receiver 0.5",
    ],
    "a number that 32 bits would wrap": [
      () => bipartite({ ...pair, senders: [2 ** 32] }),
      "DataError",
      "index-out-of-range",
      "4294967296",
    ],
    "a sender that is not there": [
      () => bipartite({ ...pair, senders: [1] }),
      "DataError",
      "index-out-of-range",
      "senders below 1",
    ],
    "fewer receivers than senders": [
      () => bipartite({ ...pair, receivers: [] }),
      "DataError",
      "wrong-length",
      "1 senders and 0 receivers",
    ],
    "a negative count": [
      () => bipartite({ senders: [], receivers: [], senderCount: -1, receiverCount: 1 }),
      "OptionError",
      "out-of-range",
      "senderCount -1",
    ],
    "half a count": [() => bipartite({ ...pair, receiverCount: 1.5 }), "OptionError", "out-of-range", "receiverCount"],
  };
  for (const [what, [make, name, code, says]] of Object.entries(refused)) {
    it(`refuses ${what}`, () =>
      expect(make).toThrow(expect.objectContaining({ name, code, message: expect.stringContaining(says) })));
  }
});
