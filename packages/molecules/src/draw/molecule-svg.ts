import { checkOptionNames, DataError, OptionError } from "@vicinal/core";
import type { Molecule } from "../molecule/molecule.ts";

/** Options of {@link moleculeSvg}. */
export interface MoleculeSvgOptions {
  /**
   * How much each atom counts, `[atoms]`, such as the attention of a read-out: an atom gets a disc behind it, the stronger the more it counts. Numbers from
   * 0; the largest is drawn at full strength. Default: none, and no disc is drawn.
   */
  readonly atomWeights?: ArrayLike<number> | undefined;
  /** The weight drawn at full strength, to compare molecules. Default: the largest of this molecule. */
  readonly largestWeight?: number | undefined;
  /** Colour of the discs, in any notation of CSS: one, or one for each atom. Default `"#f4a300"`. */
  readonly color?: string | readonly string[];
  /** Width, in pixels. Default 300. */
  readonly width?: number;
  /** Height, in pixels. Default 200. */
  readonly height?: number;
  /** What the drawing shows, for those who cannot see it. Default: the formula. */
  readonly title?: string;
  /** The id of the drawing, which has to be unique in a page. Default `"molecule"`. */
  readonly id?: string;
}

const optionNames = ["atomWeights", "largestWeight", "color", "width", "height", "title", "id"];

/** Radius of a disc, as a share of the length of a bond. */
const discRadius = 0.45;

/**
 * Draws a molecule as SVG, by openchemlib, with the atoms that count marked.
 *
 * @throws OptionError `unknown-option`, or `out-of-range` for a size that is not positive; DataError `wrong-length`, `not-finite` or `negative-weight` for
 * weights that do not fit.
 */
export function moleculeSvg(molecule: Molecule, options: MoleculeSvgOptions = {}): string {
  checkOptionNames("moleculeSvg", options, optionNames);
  const { width = 300, height = 200, id = "molecule" } = options;
  for (const [what, size] of Object.entries({ width, height })) {
    if (Number.isFinite(size) && size > 0) continue;
    throw new OptionError(
      "out-of-range",
      `moleculeSvg: got the ${what} ${size}; expected a positive number of pixels.`,
    );
  }
  if (!/^[A-Za-z][\w-]*$/.test(id)) {
    throw new OptionError(
      "out-of-range",
      `moleculeSvg: got the id ${JSON.stringify(id)}; expected a letter, then letters, digits, "-" or "_".`,
    );
  }
  const strengths = strengthsOf(molecule, options);
  const toolkit = molecule.toolkit({ coordinates: true });
  const drawn = toolkit.toSVG(width, height, id, {
    suppressChiralText: true,
    suppressCIPParity: true,
    suppressESR: true,
    noStereoProblem: true,
  });
  const places = placesOf(drawn);
  const bondLength = medianBondLength(molecule, places);
  const discs = strengths.flatMap((strength, atom) => {
    const place = places.get(molecule.toolkitAtom[atom]!);
    if (strength === 0 || place === undefined) return [];
    const radius = (discRadius * bondLength).toFixed(1);
    const color = escaped(colorOf(options.color, atom));
    return `  <circle cx="${place.x}" cy="${place.y}" r="${radius}" fill="${color}" fill-opacity="${strength.toFixed(3)}" />`;
  });
  const opening = `<svg id="${id}" xmlns="http://www.w3.org/2000/svg" version="1.1" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`;
  const lines = drawn
    .split("\n")
    .filter((line) => !line.includes('class="event"') && !/^\s*<\/?(?:svg|style)/.test(line));
  return [
    opening,
    `  <title>${escaped(options.title ?? molecule.formula)}</title>`,
    `  <style>#${id} text { font-family: sans-serif; } #${id} line { stroke-linecap: round; }</style>`,
    ...discs,
    ...lines.filter((line) => line.trim() !== ""),
    "</svg>",
    "",
  ].join("\n");
}

/** `[atoms]`, from 0 to 1. */
function strengthsOf(molecule: Molecule, { atomWeights, largestWeight }: MoleculeSvgOptions): number[] {
  if (atomWeights === undefined) return [];
  const { length } = molecule.atoms;
  if (atomWeights.length !== length) {
    throw new DataError(
      "wrong-length",
      `moleculeSvg: got ${atomWeights.length} atomWeights; expected ${length}, one for each atom.`,
    );
  }
  const weights = Array.from(atomWeights);
  for (const [atom, weight] of weights.entries()) {
    if (Number.isFinite(weight) && weight >= 0) continue;
    throw new DataError(
      Number.isFinite(weight) ? "negative-weight" : "not-finite",
      `moleculeSvg: the weight of atom ${atom} is ${weight}; expected a number from 0.`,
    );
  }
  const largest = largestWeight ?? Math.max(...weights, 0);
  return weights.map((weight) => (largest > 0 ? Math.min(weight / largest, 1) : 0));
}

function colorOf(color: string | readonly string[] = "#f4a300", atom: number): string {
  return typeof color === "string" ? color : (color[atom] ?? "none");
}

/** Where openchemlib drew each atom, by its number: it adds an invisible circle for the mouse. */
function placesOf(svg: string): Map<number, { readonly x: number; readonly y: number }> {
  const places = new Map<number, { x: number; y: number }>();
  for (const [, atom, x, y] of svg.matchAll(/:Atom:(\d+)" class="event" cx="([-\d.]+)" cy="([-\d.]+)"/g)) {
    places.set(Number(atom), { x: Number(x), y: Number(y) });
  }
  return places;
}

function medianBondLength(
  molecule: Molecule,
  places: ReadonlyMap<number, { readonly x: number; readonly y: number }>,
): number {
  const lengths = molecule.bonds
    .flatMap(({ source, target }) => {
      const [a, b] = [places.get(molecule.toolkitAtom[source]!), places.get(molecule.toolkitAtom[target]!)];
      return a === undefined || b === undefined ? [] : Math.hypot(a.x - b.x, a.y - b.y);
    })
    .sort((a, b) => a - b);
  return lengths[lengths.length >> 1] ?? lonelyAtom;
}

/** What stands for the length of a bond in a molecule without bonds, in pixels. */
const lonelyAtom = 24;

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
