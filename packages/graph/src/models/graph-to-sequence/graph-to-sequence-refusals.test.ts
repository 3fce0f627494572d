import { Random } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import { batchGraphs } from "../../batch/batch-graphs.ts";
import { graphInputs } from "../../tasks/graphs/graph-inputs.ts";
import {
  choices,
  drawn,
  graphOf,
  inputs,
  modelOf,
  NodeByNode,
  parts,
  read,
  reference,
  stack,
  targets,
  targetTokens,
} from "../../testing/graph-to-sequence-examples.ts";

describe("graph to sequence", () => {
  const choice = choices["gat and Bahdanau"]!;
  const model = modelOf(choice);
  const graphs = read(parts);
  const withEmpty = read([...parts, graphOf(0, [], 4)]);
  const swapped = { ...graphs, graphOf: graphs.graphOf.toReversed() };
  const wide = graphInputs(
    batchGraphs(parts.map((part) => ({ ...part, features: drawn(new Random(1), part.nodes, inputs + 1) }))),
    reference,
  );
  const attending = choices["transformer"]!(reference);
  const misspelt: object = { head: 2 };
  const nothing = { kind: "nothing" };
  const unknownReadout: object = { readout: "nothing" };
  class Narrow extends NodeByNode {
    override readonly outputs: number = 2;
  }
  const refused: readonly (readonly [string, () => unknown, string, string])[] = [
    ["a graph without nodes", () => model.loss(withEmpty, [...targets, [2]]), "DataError", "empty-graph"],
    [
      "to write about a graph without nodes",
      () => model.write(withEmpty, { maximumLength: 2 }),
      "DataError",
      "empty-graph",
    ],
    ["to align a graph without nodes", () => model.align(withEmpty, [...targets, [2]]), "DataError", "empty-graph"],
    ["nodes that are not one graph after the other", () => model.loss(swapped, targets), "DataError", "not-grouped"],
    [
      "a node of no graph",
      () => model.loss({ ...graphs, graphs: 2, graphOf: graphs.graphOf.slice() }, [[2], [2]]),
      "DataError",
      "index-out-of-range",
    ],
    ["fewer targets than graphs", () => model.loss(graphs, [[2]]), "ShapeError", "shapes-differ"],
    ["to align fewer targets than graphs", () => model.align(graphs, [[2]]), "ShapeError", "shapes-differ"],
    [
      "a token that it does not know",
      () => model.loss(graphs, [[2], [targetTokens], []]),
      "DataError",
      "index-out-of-range",
    ],
    ["nodes of another width", () => model.loss(wide, targets), "ShapeError", "shapes-differ"],
    [
      "edges without their features",
      () => model.loss({ ...graphs, edgeFeatures: undefined }, targets),
      "OptionError",
      "missing-input",
    ],
    [
      "states of another width than the encoder says",
      () =>
        modelOf((engine) => ({ encoder: new Narrow(engine), decoder: { kind: "luong", hidden: 2 } })).loss(
          graphs,
          targets,
        ),
      "ShapeError",
      "shapes-differ",
    ],
    ["answers of no tokens", () => model.write(graphs, { maximumLength: 0 }), "OptionError", "out-of-range"],
    ["no beam", () => model.write(graphs, { maximumLength: 2, beam: 0 }), "OptionError", "out-of-range"],
    [
      "an option that nobody reads, to write",
      () => model.write(graphs, Object.assign({ maximumLength: 2 }, misspelt)),
      "OptionError",
      "unknown-option",
    ],
    ["an option that nobody reads", () => modelOf(choice, reference, misspelt), "OptionError", "unknown-option"],
    [
      "an option that the encoder does not know",
      () => modelOf(() => ({ ...attending, encoder: Object.assign({ kind: "gat", inputs } as const, misspelt) })),
      "OptionError",
      "unknown-option",
    ],
    [
      "an encoder that there is not",
      () => modelOf(() => Object.assign({}, attending, { encoder: { ...nothing, inputs } })),
      "OptionError",
      "out-of-range",
    ],
    [
      "a decoder that there is not",
      () => modelOf(() => Object.assign({}, attending, { decoder: nothing })),
      "OptionError",
      "out-of-range",
    ],
    ["a read-out that there is not", () => modelOf(choice, reference, unknownReadout), "OptionError", "out-of-range"],
    [
      "a read-out that a transformer does not read",
      () => modelOf(() => ({ ...attending, readout: "sum" })),
      "OptionError",
      "unexpected-input",
    ],
    [
      "heads that do not divide the width",
      () => modelOf(() => ({ ...attending, encoder: { ...stack, kind: "gat", heads: 3 } })),
      "OptionError",
      "heads-do-not-divide",
    ],
    [
      "nodes of no width",
      () => modelOf(() => ({ ...attending, encoder: { ...stack, kind: "gat", inputs: 0 } })),
      "OptionError",
      "out-of-range",
    ],
    ["an end that is no token", () => modelOf(choice, reference, { end: targetTokens }), "OptionError", "out-of-range"],
    ["no target tokens", () => modelOf(choice, reference, { targetTokens: 0 }), "OptionError", "out-of-range"],
    ["a dropout of everything", () => modelOf(choice, reference, { dropout: 1 }), "OptionError", "out-of-range"],
  ];
  for (const [what, call, name, code] of refused) {
    it(`refuses ${what}`, () => expect(call).toThrow(expect.objectContaining({ name, code })));
  }

  it("refuses to answer with parameters that are not numbers", () => {
    const broken = modelOf(choice);
    broken.writer.output.bias!.set([0, 0, Number.NaN, 0, 0]);
    const refusal = expect.objectContaining({ name: "DataError", code: "not-finite" });
    expect(() => broken.write(graphs, { maximumLength: 3 })).toThrow(refusal);
  });
});
