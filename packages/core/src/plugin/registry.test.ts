import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineScore } from "../attention/score/score.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { PluginError } from "../errors.ts";
import { Linear } from "../nn/linear.ts";
import { Random } from "../random.ts";
import { coreIdentity } from "./core-identity.ts";
import { corePlugin } from "./core-plugin.ts";
import { createRegistry } from "./create-registry.ts";
import { definePlugin } from "./define-plugin.ts";
import { namedNormalizer, namedScore, nameIn } from "./named.ts";
import type { Plugin } from "./plugin.ts";
import type { PluginKind } from "./plugin-kinds.ts";
import type { Registry } from "./registry.ts";
import { isInRange, isRange } from "./version-range.ts";

const random = new Random(1);
const shifted = definePlugin({
  name: "vicinal-shifted",
  version: "1.2.0",
  scores: {
    shifted: ({ by }: { readonly by: number }) =>
      defineScore("shifted", { parameters: {}, score: ({ query, key }) => query.dot(key).add(by) }),
  },
  layers: {
    projection: (options: { readonly inputs: number; readonly outputs: number }) =>
      new Linear(options.inputs, options.outputs, { random }),
  },
  engines: { reference: () => createReferenceEngine() },
});

/** A plug-in that a program without types gives. */
function untyped(fields: object): Plugin {
  return Object.assign({ name: "vicinal-other", version: "1.0.0" }, fields);
}

function refused(call: () => unknown): PluginError {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(PluginError);
    if (error instanceof PluginError) return error;
  }
  throw new Error("expected a PluginError");
}

describe("a registry", () => {
  const registry = createRegistry([corePlugin, shifted]);

  it("makes what its plug-ins have, by name and options", () => {
    expect(registry.score("shifted", { by: 2 }).name).toBe("shifted");
    expect(registry.normalizer("softmax", { temperature: 0.5 }).options).toEqual({ temperature: 0.5 });
    expect(registry.layer("projection", { inputs: 2, outputs: 3 }).weight.shape).toEqual([3, 2]);
    expect(registry.engine("reference").precision).toBe("float64");
    expect(registry.initializer("uniform", { bound: 0 })(random, [2], 1, 1)).toEqual(new Float32Array(2));
    expect(registry.make("scores", "shifted", { by: 1 }).name).toBe("shifted");
  });

  it("says what it has, and which plug-in has it", () => {
    expect(registry.plugins.map(({ name }) => name)).toEqual(["@vicinal/core", "vicinal-shifted"]);
    expect(registry.has("scores", "shifted")).toBe(true);
    expect(registry.has("layers", "shifted")).toBe(false);
    expect(registry.names("layers")).toEqual(["projection"]);
    expect(registry.names("scores")).toContain("additive");
    expect(registry.pluginOf("scores", "shifted")).toEqual({
      name: "vicinal-shifted",
      version: "1.2.0",
      install: "npm install vicinal-shifted",
    });
    expect(registry.pluginOf("scores", "unknown")).toBeUndefined();
  });

  it("is a value: another one does not know of it, and neither changes with what it was made of", () => {
    const scores: Record<string, () => ReturnType<typeof shifted.scores.shifted>> = {};
    const plugins: Plugin[] = [untyped({ scores })];
    const empty = createRegistry(plugins);
    scores["late"] = () => shifted.scores.shifted({ by: 0 });
    plugins.push(shifted);
    expect(empty.has("scores", "late")).toBe(false);
    expect(empty.has("scores", "shifted")).toBe(false);
    expect(createRegistry(plugins).names("scores")).toEqual(["late", "shifted"]);
    expect(() => Object.assign(registry, { plugins: [] })).toThrow(TypeError);
    expect(() => Object.assign(registry.plugins, { 0: undefined })).toThrow(TypeError);
  });

  it("gives factories what other plug-ins have", () => {
    const made = registry.score("with-edge", { ...namedScore(registry, "shifted", { by: 1 }), as: "bias" });
    expect([made.name, made.edge]).toEqual(["shifted-with-edge-bias", "scalar"]);
  });

  it("gives names with their options, and none that no plug-in has", () => {
    expect(namedScore(registry, "shifted", { by: 1 })).toEqual({ score: "shifted", scoreOptions: { by: 1 } });
    expect(namedNormalizer(registry, "relu")).toEqual({ normalizer: "relu", normalizerOptions: undefined });
    const some: Registry = registry;
    expect(nameIn(some, "layers", "projection")).toBe("projection");
    for (const name of ["shifted", "constructor"]) {
      const { code, message } = refused(() => nameIn(some, "layers", name));
      expect([code, message]).toEqual(["unknown-name", expect.stringContaining('one of "projection"')]);
    }
    expect(refused(() => nameIn(some, "readouts", "sum")).message).toContain("no plug-in has any");
  });

  it("does not take names of objects for those of entries", () => {
    for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
      expect(registry.has("scores", name)).toBe(false);
      expect(refused(() => registry.make("scores", name)).code).toBe("unknown-name");
    }
  });

  it("says of an unknown name what there is", () => {
    const { code, message } = refused(() => registry.make("layers", "projecton"));
    expect(code).toBe("unknown-name");
    expect(message).toContain('"projecton" among layers; expected one of "projection"');
    expect(refused(() => createRegistry([]).make("layers", "a")).message).toContain("no plug-in has any");
  });

  const wrongEntries: readonly (readonly [PluginKind, Readonly<Record<string, () => unknown>>])[] = [
    ["scores", { a: () => 1 }],
    ["normalizers", { a: () => ({ name: "a" }) }],
    ["encodings", { a: () => 7 }],
    ["layers", { a: () => ({ forward: () => 1, outputs: 1 }) }],
    ["readouts", { a: () => null }],
    ["initializers", { a: () => [] }],
    ["engines", { a: () => ({ name: "a", run() {} }) }],
    ["models", { a: () => undefined }],
  ];
  it.each(wrongEntries)("names the plug-in and the field that made no such thing: %s", (kind, entries) => {
    const wrong = createRegistry([untyped({ [kind]: entries })]);
    const { code, message } = refused(() => wrong.make(kind, "a"));
    expect(code).toBe("wrong-result");
    expect(message).toContain(`"vicinal-other" has ${kind}["a"]`);
  });

  it("lets errors of factories through: they say what is wrong with the options", () => {
    expect(() => registry.make("normalizers", "softmax", { temperature: 0 })).toThrow(
      expect.objectContaining({ name: "OptionError", code: "out-of-range" }),
    );
  });
});

describe("a plug-in is refused, with its name and the field,", () => {
  it.each([
    ["that is none", null, "wrong-field", "expected a plug-in"],
    ["that is a list", [], "wrong-field", "a list"],
    ["without a name", { version: "1.0.0" }, "wrong-field", "name undefined"],
    ["with a name that no package can have", { name: "Not a Name", version: "1.0.0" }, "wrong-field", '"Not a Name"'],
    ["with another version than three numbers", { name: "a", version: "1.0" }, "wrong-field", '"a" has version "1.0"'],
    ["with a field that there is not", { name: "a", version: "1.0.0", layer: {} }, "unknown-field", 'field "layer"'],
    ["with entries in a list", { name: "a", version: "1.0.0", layers: [] }, "wrong-field", "layers a list"],
    [
      "with an entry that is no function",
      { name: "a", version: "1.0.0", scores: { b: {} } },
      "wrong-field",
      'scores["b"]',
    ],
    [
      "with an entry of an odd name",
      { name: "a", version: "1.0.0", scores: { "1 b": () => 1 } },
      "wrong-field",
      '"1 b"',
    ],
    [
      "with an entry called __proto__",
      { name: "a", version: "1.0.0", scores: JSON.parse('{"__proto__": 1}') },
      "wrong-field",
      "__proto__",
    ],
    ["with needs that are a list", { name: "a", version: "1.0.0", needs: ["b"] }, "wrong-field", "needs a list"],
    [
      "with a range that is none",
      { name: "a", version: "1.0.0", needs: { b: "new" } },
      "wrong-field",
      'needs["b"] "new"',
    ],
    ["with a way to get it that is no text", { name: "a", version: "1.0.0", install: 1 }, "wrong-field", "install 1"],
    ["with versions to read that are no range", { name: "a", version: "1.0.0", reads: "" }, "wrong-field", "reads"],
  ])("%s", (_, plugin, code, part) => {
    for (const use of [definePlugin, (each: Plugin) => createRegistry([each])]) {
      // @ts-expect-error Programs without types pass such things.
      const error = refused(() => use(plugin));
      expect(error.code).toBe(code);
      expect(error.message).toContain(part);
    }
  });

  it("that is there twice", () => {
    const error = refused(() => createRegistry([shifted, { ...shifted }]));
    expect([error.code, error.message]).toEqual(["duplicate-plugin", expect.stringContaining('"vicinal-shifted"')]);
  });

  it("that has a name another one has, of the same kind", () => {
    const error = refused(() => createRegistry([shifted, untyped({ scores: { shifted: shifted.scores.shifted } })]));
    expect(error.code).toBe("name-clash");
    for (const part of ['"vicinal-shifted"', '"vicinal-other"', 'scores["shifted"]'])
      expect(error.message).toContain(part);
    expect(() => createRegistry([shifted, untyped({ layers: { shifted: shifted.layers.projection } })])).not.toThrow();
  });

  it("that needs one that is not there, or has another version", () => {
    const needy = untyped({ needs: { "vicinal-shifted": "^1.1.0" } });
    expect(() => createRegistry([needy, shifted])).not.toThrow();
    const missing = refused(() => createRegistry([needy]));
    expect([missing.code, missing.message]).toEqual([
      "missing-plugin",
      expect.stringContaining('"vicinal-other" has needs["vicinal-shifted"] "^1.1.0"'),
    ]);
    const older = refused(() => createRegistry([needy, { ...shifted, version: "1.0.9" }]));
    expect([older.code, older.message]).toEqual(["version-out-of-range", expect.stringContaining("1.0.9")]);
  });

  it("that needs itself, at once or by others", () => {
    const needing = (name: string, needed: string) => untyped({ name, needs: { [needed]: "*" } });
    expect(refused(() => createRegistry([needing("a", "a")])).code).toBe("cyclic-needs");
    const error = refused(() => createRegistry([needing("a", "b"), needing("b", "c"), needing("c", "b")]));
    expect([error.code, error.message]).toEqual(["cyclic-needs", expect.stringContaining('"b" needs "c" needs "b"')]);
    const diamond = [needing("a", "b"), untyped({ name: "c", needs: { b: "*", a: "*" } }), untyped({ name: "b" })];
    expect(() => createRegistry(diamond)).not.toThrow();
  });
});

describe("models that a plug-in saved", () => {
  const saved = (version: string) => ({ name: "vicinal-shifted", version, install: "ask its author" });

  it("are read by later versions as a caret allows, or by those that say so", () => {
    const registry = createRegistry([shifted]);
    expect(() => registry.checkSavedWith(saved("1.1.0"))).not.toThrow();
    for (const version of ["1.3.0", "2.0.0", "0.9.0"]) {
      expect(refused(() => registry.checkSavedWith(saved(version))).code).toBe("version-out-of-range");
    }
    const reading = createRegistry([{ ...shifted, version: "3.0.0", reads: ">=1.0.0 <=3.0.0" }]);
    expect(() => reading.checkSavedWith(saved("1.3.0"))).not.toThrow();
    expect(refused(() => reading.checkSavedWith(saved("0.9.0"))).code).toBe("version-out-of-range");
  });

  it("are not read without it: it says which, and how to get it", () => {
    const { code, message } = refused(() => createRegistry([corePlugin]).checkSavedWith(saved("1.1.0")));
    expect(code).toBe("missing-plugin");
    for (const part of ['"vicinal-shifted" 1.1.0', "ask its author"]) expect(message).toContain(part);
  });
});

describe("ranges of versions", () => {
  it("are those of npm", () => {
    const cases: readonly [version: string, range: string, isIn: boolean][] = [
      ["1.2.3", "*", true],
      ["1.2.3", "^1.2.0", true],
      ["2.0.0", "^1.2.0", false],
      ["0.2.0", "^0.1.0", false],
      ["0.1.9", "^0.1.0", true],
      ["1.3.0", "~1.2.0", false],
      ["1.9.0", ">= 1.2.0 <2.0.0", true],
      ["3.0.0", "^1.0.0 || ^3.0.0", true],
      ["1.2.9", "1.2.x", true],
    ];
    for (const [version, range, isIn] of cases) {
      expect(isRange(range), range).toBe(true);
      expect([version, range, isInRange(version, range)]).toEqual([version, range, isIn]);
    }
  });

  it("are told from other texts, so that asking whether a version lies in one never throws", () => {
    for (const text of ["", "new", "^", ">=1.0.0 new", "1.0.0 || ", "1".repeat(300), 1, null])
      expect(isRange(text)).toBe(false);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."0123.^~><=|x* -ab") }), (text) => {
        if (isRange(text)) expect(typeof isInRange("1.2.3", text)).toBe("boolean");
      }),
    );
  });
});

it("the plug-in of this package has its name and version", () => {
  const { name, version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(coreIdentity).toMatchObject({ name, version });
  expect(corePlugin).toMatchObject({ name, version });
});
