import { describe, expect, it } from "vitest";
import { readPlanetoid } from "./planetoid.ts";

/**
 * Seven nodes as Python pickles them: `allx` has the rows [1, 0, 1], [0, 1, 0], [0, 0, 1] of the classes 0, 1, 0 (the first two
 * to train), `tx` the rows [1, 1, 0], [0, 0, 1] of the classes 1, 0, and the nodes 3 and 5 are in neither.
 */
const pickles = {
  x: "gASVbAEAAAAAAACMEXNjaXB5LnNwYXJzZS5fY3NylIwKY3NyX21hdHJpeJSTlCmBlH2UKIwGX3NoYXBllEsCSwOGlIwIbWF4cHJpbnSUSzKMB2luZGljZXOUjBZudW1weS5fY29yZS5tdWx0aWFycmF5lIwMX3JlY29uc3RydWN0lJOUjAVudW1weZSMB25kYXJyYXmUk5RLAIWUQwFilIeUUpQoSwFLA4WUaAyMBWR0eXBllJOUjAJpNJSJiIeUUpQoSwOMATyUTk5OSv////9K/////0sAdJRiiUMMAAAAAAIAAAABAAAAlHSUYowGaW5kcHRylGgLaA5LAIWUaBCHlFKUKEsBSwOFlGgYiUMMAAAAAAIAAAADAAAAlHSUYowEZGF0YZRoC2gOSwCFlGgQh5RSlChLAUsDhZRoFYwCZjSUiYiHlFKUKEsDaBlOTk5K/////0r/////SwB0lGKJQwwAAIA/AACAPwAAgD+UdJRidWIu",
  tx: "gASVbAEAAAAAAACMEXNjaXB5LnNwYXJzZS5fY3NylIwKY3NyX21hdHJpeJSTlCmBlH2UKIwGX3NoYXBllEsCSwOGlIwIbWF4cHJpbnSUSzKMBmluZHB0cpSMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAxfcmVjb25zdHJ1Y3SUk5SMBW51bXB5lIwHbmRhcnJheZSTlEsAhZRDAWKUh5RSlChLAUsDhZRoDIwFZHR5cGWUk5SMAmk0lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGKJQwwAAAAAAgAAAAMAAACUdJRijAdpbmRpY2VzlGgLaA5LAIWUaBCHlFKUKEsBSwOFlGgYiUMMAAAAAAEAAAACAAAAlHSUYowEZGF0YZRoC2gOSwCFlGgQh5RSlChLAUsDhZRoFYwCZjSUiYiHlFKUKEsDaBlOTk5K/////0r/////SwB0lGKJQwwAAIA/AACAPwAAgD+UdJRidWIu",
  allx: "gASVeAEAAAAAAACMEXNjaXB5LnNwYXJzZS5fY3NylIwKY3NyX21hdHJpeJSTlCmBlH2UKIwGX3NoYXBllEsDSwOGlIwIbWF4cHJpbnSUSzKMBmluZHB0cpSMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAxfcmVjb25zdHJ1Y3SUk5SMBW51bXB5lIwHbmRhcnJheZSTlEsAhZRDAWKUh5RSlChLAUsEhZRoDIwFZHR5cGWUk5SMAmk0lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGKJQxAAAAAAAgAAAAMAAAAEAAAAlHSUYowHaW5kaWNlc5RoC2gOSwCFlGgQh5RSlChLAUsEhZRoGIlDEAAAAAACAAAAAQAAAAIAAACUdJRijARkYXRhlGgLaA5LAIWUaBCHlFKUKEsBSwSFlGgVjAJmNJSJiIeUUpQoSwNoGU5OTkr/////Sv////9LAHSUYolDEAAAgD8AAIA/AACAPwAAgD+UdJRidWIu",
  y: "gASVmwAAAAAAAACMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAxfcmVjb25zdHJ1Y3SUk5SMBW51bXB5lIwHbmRhcnJheZSTlEsAhZRDAWKUh5RSlChLAUsCSwKGlGgDjAVkdHlwZZSTlIwCaTSUiYiHlFKUKEsDjAE8lE5OTkr/////Sv////9LAHSUYolDEAEAAAAAAAAAAAAAAAEAAACUdJRiLg==",
  ty: "gASVmwAAAAAAAACMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAxfcmVjb25zdHJ1Y3SUk5SMBW51bXB5lIwHbmRhcnJheZSTlEsAhZRDAWKUh5RSlChLAUsCSwKGlGgDjAVkdHlwZZSTlIwCaTSUiYiHlFKUKEsDjAE8lE5OTkr/////Sv////9LAHSUYolDEAAAAAABAAAAAQAAAAAAAACUdJRiLg==",
  ally: "gASVowAAAAAAAACMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAxfcmVjb25zdHJ1Y3SUk5SMBW51bXB5lIwHbmRhcnJheZSTlEsAhZRDAWKUh5RSlChLAUsDSwKGlGgDjAVkdHlwZZSTlIwCaTSUiYiHlFKUKEsDjAE8lE5OTkr/////Sv////9LAHSUYolDGAEAAAAAAAAAAAAAAAEAAAABAAAAAAAAAJR0lGIu",
  graph:
    "gASVagAAAAAAAACMC2NvbGxlY3Rpb25zlIwLZGVmYXVsdGRpY3SUk5SMCGJ1aWx0aW5zlIwEbGlzdJSTlIWUUpQoSwBdlChLAUsBZUsBXZQoSwBLAGVLAl2USwZhSwNdlEsEXZRLBGFLBV2USwZdlEsCYXUu",
};

function read(changes: Partial<Record<keyof typeof pickles | "test.index", Uint8Array>> = {}) {
  const files = new Map<string, Uint8Array>([["ind.seven.test.index", Buffer.from("6\n4\n")]]);
  for (const [part, base64] of Object.entries(pickles)) files.set(`ind.seven.${part}`, Buffer.from(base64, "base64"));
  for (const [part, bytes] of Object.entries(changes)) files.set(`ind.seven.${part}`, bytes);
  return readPlanetoid("seven", { bytes: (name) => files.get(name) ?? expect.fail(`asked for ${name}`) });
}

const pickle = (part: keyof typeof pickles) => Buffer.from(pickles[part], "base64");

describe("readPlanetoid", () => {
  it("puts the rows of tx at the nodes that test.index names, in its order", () => {
    const { features, labels } = read();
    expect(labels).toEqual(Int32Array.of(0, 1, 0, -1, 0, -1, 1));
    expect(features).toEqual({
      kind: "csr",
      rows: 7,
      columns: 3,
      indptr: Uint32Array.of(0, 2, 3, 4, 4, 5, 5, 7),
      indices: Uint32Array.of(0, 2, 1, 2, 2, 0, 1),
      values: undefined,
    });
  });

  it("keeps repeated edges, self-loops and both directions", () => {
    expect(read().edges).toEqual({
      sources: Uint32Array.of(0, 0, 1, 1, 2, 4, 6),
      targets: Uint32Array.of(1, 1, 0, 0, 6, 4, 2),
    });
  });

  it("trains on as many rows as y has, and tests on test.index", () => {
    const [split] = read().splits;
    expect(split?.train).toEqual(Uint32Array.of(0, 1));
    expect(split?.validation).toHaveLength(500);
    expect(split?.test).toEqual(Uint32Array.of(4, 6));
  });

  it.each([
    ["features and labels of different length", { ally: pickle("ty") }, "wrong-length"],
    ["more test rows than test nodes", { "test.index": Buffer.from("6\n") }, "wrong-length"],
    ["a test node that is no number", { "test.index": Buffer.from("6\nsix\n") }, "malformed-file"],
    ["a truncated graph", { graph: pickle("graph").subarray(0, 50) }, "malformed-pickle"],
    ["a graph that is no dictionary", { graph: pickle("y") }, "malformed-pickle"],
    ["features that are no matrix", { allx: pickle("ally") }, "malformed-pickle"],
    ["labels that are no array", { ty: pickle("graph") }, "malformed-pickle"],
  ])("refuses %s", (_, changes, code) => {
    expect(() => read(changes)).toThrow(expect.objectContaining({ code }));
  });
});
