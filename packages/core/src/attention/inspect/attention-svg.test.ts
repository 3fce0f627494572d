import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { type AttentionSvgOptions, attentionSvg } from "./attention-svg.ts";
import { sequentialColor } from "./color-scale.ts";

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

/** Reads the XML that the drawing is made of, and nothing more: throws on anything that is not well formed. */
function parse(svg: string): Element {
  // The characters that XML 1.0 allows.
  if (/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(svg))
    throw new Error("a character that XML refuses");
  const decode = (text: string): string => {
    if (/[<>"]|&(?!(?:amp|lt|gt|quot|#39);)/.test(text)) throw new Error(`markup in ${JSON.stringify(text)}`);
    return text.replace(/&([^;]+);/g, (_, entity: string) => entities[entity]!);
  };
  const root: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  for (const [token] of svg.matchAll(/<[^>]*>|[^<]+/g)) {
    const holder = open.at(-1)!;
    const tag = /^<(\/?)([a-z]+)((?: [A-Za-z-]+="[^"]*")*)(\/?)>$/.exec(token);
    if (tag === null) {
      if (token.startsWith("<")) throw new Error(`no tag: ${token}`);
      holder.text += decode(token);
      continue;
    }
    const [, closing, name, attributes, empty] = tag;
    if (closing === "/") {
      if (open.pop()?.name !== name) throw new Error(`${token} closes nothing`);
      continue;
    }
    const pairs = Array.from(attributes!.matchAll(/ ([A-Za-z-]+)="([^"]*)"/g), ([, key, value]) => [
      key!,
      decode(value!),
    ]);
    const element = { name: name!, attributes: Object.fromEntries(pairs), children: [], text: "" };
    holder.children.push(element);
    if (empty !== "/") open.push(element);
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error("not one closed element");
  return root.children[0]!;
}

function all(element: Element, name: string): Element[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);
}

function draw(weights: Matrix, options: AttentionSvgOptions): Element {
  return parse(attentionSvg(weights, options));
}

/** Rectangles that tell their weight. */
function cellsOf(svg: Element): Element[] {
  return all(svg, "rect").filter(({ children }) => children.length === 1);
}

const number = (element: Element, attribute: string): number => Number(element.attributes[attribute]);

/** The box of a text whose characters are `em` font sizes wide, turned as it is. */
function boxOf(
  element: Element,
  fontSize: number,
  anchor: string,
  em: number,
): { low: [number, number]; high: [number, number] } {
  const length = [...element.text].length * em * fontSize;
  const from = anchor === "end" ? -length : anchor === "middle" ? -length / 2 : 0;
  const turn = /rotate\((-?\d+) /.exec(element.attributes["transform"] ?? "")?.[1] ?? "0";
  const [cos, sin] = [Math.cos((Number(turn) * Math.PI) / 180), Math.sin((Number(turn) * Math.PI) / 180)];
  const corners = [from, from + length].flatMap((x) =>
    [-fontSize / 2, fontSize / 2].map((y) => [
      number(element, "x") + x * cos - y * sin,
      number(element, "y") + x * sin + y * cos,
    ]),
  );
  const extreme = (pick: (...values: number[]) => number): [number, number] => [
    pick(...corners.map(([x]) => x!)),
    pick(...corners.map(([, y]) => y!)),
  ];
  return { low: extreme(Math.min), high: extreme(Math.max) };
}

const weights = new Matrix([
  [0, 0.1, 0.4],
  [0.123456789012345, 0.2, 0.3],
]);
const labels = { rows: ["a", "b"], columns: ["x", "y", "z"] };

describe("the drawing of attention", () => {
  it("has a cell for each weight, rows below each other, columns beside each other", () => {
    const svg = draw(weights, { ...labels, cellSize: 30 });
    const cells = cellsOf(svg);
    expect(cells).toHaveLength(6);
    cells.forEach((cell, k) => {
      expect([number(cell, "width"), number(cell, "height")]).toEqual([30, 30]);
      expect(number(cell, "x") - number(cells[0]!, "x")).toBeCloseTo(30 * (k % 3), 6);
      expect(number(cell, "y") - number(cells[0]!, "y")).toBeCloseTo(30 * Math.floor(k / 3), 6);
    });
  });

  it("colours each weight by its share of the largest", () => {
    const fills = cellsOf(draw(weights, labels)).map(({ attributes }) => attributes["fill"]);
    expect(fills).toEqual(weights.to1DArray().map((weight) => sequentialColor(weight / 0.4)));
    expect([fills[0], fills[2]]).toEqual(["#ffffff", "#2c1a4c"]);
  });

  it("tells the exact weight and both labels where a cell is pointed at", () => {
    const tooltips = cellsOf(draw(weights, labels)).map(({ children }) => children[0]!);
    expect(tooltips.map(({ name }) => name)).toEqual(new Array(6).fill("title"));
    expect(tooltips[3]?.text).toBe('"b" attends to "x": 0.123456789012345');
    expect(tooltips[2]?.text).toBe('"a" attends to "z": 0.4');
  });

  it("puts labels beside their rows and above their columns", () => {
    const svg = draw(weights, labels);
    const cells = cellsOf(svg);
    const label = (text: string): Element => all(svg, "text").find((element) => element.text === text)!;
    labels.rows.forEach((text, r) => {
      const cell = cells[3 * r]!;
      expect(number(label(text), "y")).toBeCloseTo(number(cell, "y") + 12, 1);
      expect(number(label(text), "x")).toBeLessThan(number(cell, "x"));
    });
    labels.columns.forEach((text, c) => {
      expect(number(label(text), "x")).toBeCloseTo(number(cells[c]!, "x") + 12, 1);
      expect(number(label(text), "y")).toBeLessThan(number(cells[c]!, "y"));
      expect(label(text).attributes["transform"]).toBeUndefined();
    });
  });

  it("has a legend from 0 to the largest weight, in the colours of the cells", () => {
    const svg = draw(new Matrix([[0.123456]]), { rows: ["r"], columns: ["c"] });
    const texts = all(svg, "text").map(({ text }) => text);
    expect(texts).toContain("0");
    expect(texts).toContain("0.123");
    const bar = all(svg, "rect").filter(({ attributes }) => number({ ...svg, attributes }, "width") === 4);
    const fills = bar.map(({ attributes }) => attributes["fill"]);
    expect([fills[0], fills.at(-1)]).toEqual([sequentialColor(0), sequentialColor(1)]);
    expect(bar.map((step) => number(step, "x"))).toEqual(
      bar.map((step) => number(step, "x")).toSorted((a, b) => a - b),
    );
  });

  it("draws zeros white, with a legend to 1", () => {
    const svg = draw(Matrix.zeros(1, 2), { rows: ["r"], columns: ["c", "d"] });
    expect(cellsOf(svg).map(({ attributes }) => attributes["fill"])).toEqual(["#ffffff", "#ffffff"]);
    expect(all(svg, "text").at(-1)?.text).toBe("1");
  });

  it("lies on a white card as large as the drawing, and says what it is to those who do not see it", () => {
    const svg = draw(weights, { ...labels, title: "Layer 1 & 2" });
    const card = svg.children[0]!;
    expect(card).toMatchObject({ name: "rect", attributes: { fill: "#ffffff" } });
    expect([number(card, "width") + 1, number(card, "height") + 1]).toEqual([
      number(svg, "width"),
      number(svg, "height"),
    ]);
    expect(svg.attributes["viewBox"]).toBe(`0 0 ${number(svg, "width")} ${number(svg, "height")}`);
    expect(svg.attributes).toMatchObject({
      xmlns: "http://www.w3.org/2000/svg",
      role: "img",
      "aria-label": "Layer 1 & 2: 2 rows x 3 columns, weights from 0 to 0.4",
    });
    expect(draw(weights, labels).attributes["aria-label"]).toMatch(/^Attention: /);
  });

  it("shows the titles", () => {
    const titles = { title: "A title", rowTitle: "output", columnTitle: "input" };
    const texts = all(draw(weights, { ...labels, ...titles }), "text").map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(Object.values(titles)));
    expect(all(draw(weights, labels), "text")).toHaveLength(2 + 3 + 2);
  });

  it("shows what cannot be seen: spaces as open boxes, control characters as their pictures", () => {
    const svg = draw(Matrix.ones(1, 6), { rows: [" "], columns: ["  ", "\n", "a b", "\u0000", "\uD800", "\u0085"] });
    const texts = all(svg, "text").map(({ text }) => text);
    expect(texts.slice(0, 7)).toEqual(["\u2423", "\u2423\u2423", "\u240A", "a b", "\u2400", "\uFFFD", "\uFFFD"]);
    expect(cellsOf(svg)[1]?.children[0]?.text).toBe('" " attends to "\u240A": 1');
  });

  it("is well-formed XML whatever the labels are, and shows them as they are", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string(),
      fc.constantFrom("<script>alert(1)</script>", "&lt;", '"/><g', "]]>", "<!--", "'"),
    );
    fc.assert(
      fc.property(text, text, text, text, (row, column, title, rowTitle) => {
        const svg = draw(Matrix.ones(1, 1), { rows: [row], columns: [column], title, rowTitle });
        expect(cellsOf(svg)).toHaveLength(1);
        const printable = /^[\x21-\x7e]+$/;
        const texts = all(svg, "text").map((element) => element.text);
        for (const given of [row, column, title, rowTitle]) {
          if (printable.test(given)) expect(texts).toContain(given);
        }
      }),
    );
  });

  it("cuts nothing off, however long labels and titles are, in fonts of 0.6 em and less a character", () => {
    const text = fc.string({ maxLength: 40, unit: fc.constantFrom("a", "W", "-", "7") });
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 4 }),
        fc.array(text, { minLength: 1, maxLength: 4 }),
        fc.tuple(text, text, text),
        fc.integer({ min: 4, max: 60 }),
        (rows, columns, [title, rowTitle, columnTitle], cellSize) => {
          const options = { rows, columns, title, rowTitle, columnTitle, cellSize };
          const svg = draw(Matrix.ones(rows.length, columns.length), options);
          const [width, height] = [number(svg, "width"), number(svg, "height")];
          const check = (holder: Element, inherited: Readonly<Record<string, string>>): void => {
            for (const child of holder.children) {
              const attributes = { ...inherited, ...child.attributes };
              if (child.name === "text") {
                const fontSize = Number(attributes["font-size"]);
                const { low, high } = boxOf(child, fontSize, attributes["text-anchor"] ?? "start", 0.6);
                expect(Math.min(...low), child.text).toBeGreaterThanOrEqual(0);
                expect(high[0], child.text).toBeLessThanOrEqual(width);
                expect(high[1], child.text).toBeLessThanOrEqual(height);
              } else {
                check(child, attributes);
              }
            }
          };
          check(svg, { "font-size": svg.attributes["font-size"]! });
        },
      ),
    );
  });

  it("turns the labels of columns where one is wider than a cell", () => {
    const svg = draw(weights, { ...labels, columns: ["x", "long label", "z"] });
    for (const text of ["x", "long label", "z"]) {
      const element = all(svg, "text").find((one) => one.text === text)!;
      expect(element.attributes["transform"]).toMatch(/^rotate\(-45 /);
    }
  });

  it("may be of nothing", () => {
    expect(cellsOf(draw(new Matrix(0, 0), { rows: [], columns: [] }))).toHaveLength(0);
  });

  const refused: readonly (readonly [what: string, call: () => void, name: string, code: string, says: RegExp])[] = [
    [
      "too few labels of rows",
      () => attentionSvg(weights, { ...labels, rows: ["a"] }),
      "DataError",
      "wrong-length",
      /1 labels of rows for 2 rows/,
    ],
    [
      "too many labels of columns",
      () => attentionSvg(weights, { ...labels, columns: ["x", "y", "z", "w"] }),
      "DataError",
      "wrong-length",
      /4 labels of columns for 3 columns/,
    ],
    [
      "NaN",
      () => attentionSvg(new Matrix([[0, Number.NaN]]), { rows: ["a"], columns: ["x", "y"] }),
      "DataError",
      "not-finite",
      /row 0 \("a"\), column 1 \("y"\) is NaN/,
    ],
    [
      "infinity",
      () => attentionSvg(new Matrix([[Number.NEGATIVE_INFINITY]]), { rows: ["a"], columns: ["x"] }),
      "DataError",
      "not-finite",
      /-Infinity/,
    ],
    [
      "a negative weight",
      () => attentionSvg(new Matrix([[-0.5]]), { rows: ["a"], columns: ["x"] }),
      "DataError",
      "out-of-range",
      /is -0\.5/,
    ],
    [
      "cells of no size",
      () => attentionSvg(weights, { ...labels, cellSize: 0 }),
      "OptionError",
      "out-of-range",
      /cellSize 0/,
    ],
    [
      "a misspelt option",
      () => attentionSvg(weights, { ...labels, ...{ rowNames: [] } }),
      "OptionError",
      "unknown-option",
      /"rowNames"/,
    ],
  ];
  for (const [what, call, name, code, says] of refused) {
    it(`refuses ${what}`, () => {
      expect(call).toThrow(expect.objectContaining({ name, code, message: expect.stringMatching(says) }));
    });
  }
});
