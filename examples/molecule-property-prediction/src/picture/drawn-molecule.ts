import { type Molecule, moleculeSvg } from "@vicinal/molecules";
import type { Element, ElementContent } from "hast";
import { fromHtml } from "hast-util-from-html";
import { s } from "hastscript";

/** The colours of atoms that got more and less than an equal share of the attention. */
export const shareColors = { more: "#f08c00", less: "#4c8fd6" } as const;

/** How far from an equal share an atom is drawn at full strength, at least: where a network attends to all alike, nothing stands out. */
const CLEAR = 0.5;
/** Opacity at full strength: the symbol of the atom stays readable. */
const STRONGEST = 0.75;
/** Room around the drawing for discs at its rim. */
const ROOM = 11;

/** The elements that openchemlib draws molecules with; nothing else comes through. */
const drawn = ["g", "line", "circle", "ellipse", "polygon", "polyline", "path", "rect", "text", "title"];

/** Where a drawing is put, and how large. */
export interface DrawingBox {
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A molecule as openchemlib draws it, with a disc behind each atom: in one colour where the network attended to it more than to the atoms on average, in
 * another where less, the stronger the farther from an equal share.
 *
 * @param attention `[atoms]`, summing to 1; undefined for a network that does not attend to atoms.
 */
export function drawnMolecule(molecule: Molecule, attention: ArrayLike<number> | undefined, box: DrawingBox): Element {
  const { x = 0, y = 0, width, height } = box;
  const beyond = attention && Array.from(attention, (weight) => weight * attention.length - 1);
  const atomWeights = beyond?.map(Math.abs);
  const svg = moleculeSvg(molecule, {
    width: width - 2 * ROOM,
    height: height - 2 * ROOM,
    ...(beyond && { color: beyond.map((share) => (share > 0 ? shareColors.more : shareColors.less)) }),
    ...(atomWeights && { atomWeights, largestWeight: Math.max(...atomWeights, CLEAR) / STRONGEST }),
  });
  const [root] = elementsOf(fromHtml(svg, { fragment: true, space: "svg" }).children);
  const view = { x, y, width, height, viewBox: `${-ROOM} ${-ROOM} ${width} ${height}`, role: "img" };
  return s("svg.molecule", view, root === undefined ? [] : safe(root.children));
}

function safe(children: readonly ElementContent[]): ElementContent[] {
  return elementsOf(children)
    .filter(({ tagName }) => drawn.includes(tagName))
    .map((element) => ({ ...element, children: element.tagName === "g" ? safe(element.children) : element.children }));
}

function elementsOf(children: readonly { readonly type: string }[]): Element[] {
  return children.filter((child): child is Element => child.type === "element");
}

/** The style of drawings. They are on white whatever the page: openchemlib's colours of elements are made for it. */
export const moleculeStyle = `
.paper { fill: #ffffff; }
.molecule text { font-family: "DejaVu Sans", Arial, sans-serif; }
.molecule line { stroke-linecap: round; }
`;
