import { attentionSvg } from "@vicinal/core";
import { section } from "@vicinal/example-report";
import { type Molecule, moleculeSvg } from "@vicinal/molecules";
import type { Element, ElementContent } from "hast";
import { fromHtml } from "hast-util-from-html";
import { h } from "hastscript";
import { page } from "../report/page.ts";
import type { WrittenFormula } from "./learn-formulae.ts";

/** A molecule, and what was written for it. */
export interface WrittenMolecule extends WrittenFormula {
  readonly name: string;
  readonly molecule: Molecule;
  /** Its formula. */
  readonly known: string;
}

/** The alignment of a formula as a heat map: a row for each token, a column for each atom. */
export function alignmentSvg({ name, molecule, tokens, formula, attention }: WrittenMolecule): string {
  return attentionSvg(attention, {
    rows: tokens,
    columns: molecule.atoms.map(({ element }, atom) => `${element}${atom + 1}`),
    title: `${formula}, written for ${name}`,
    rowTitle: "token",
    columnTitle: "atom",
  });
}

/** Each molecule drawn once for each token of its formula, the atoms coloured by how much the token attended to them, and its heat map. */
export function alignmentPage(lead: string, written: readonly WrittenMolecule[]): string {
  const note =
    "Discs show how much the network attended to an atom while it wrote the token below, on one scale for the whole formula. Weights are those of " +
    "sigmoids, mean over heads: each is from 0 to 1, and they sum to no fixed number, so that atoms can be counted. An atom knows of its neighbors, and " +
    "the network has no need to look where a chemist would.";
  return page({ title: "Formulae, written atom by atom", subtitle: lead }, [
    section("How to read this", h("p.note", note)),
    ...written.map((each, place) => moleculeSection(each, place)),
  ]);
}

function moleculeSection(written: WrittenMolecule, place: number): ElementContent {
  const { name, known, formula, molecule, tokens, attention } = written;
  const largestWeight = attention.max();
  const drawings = tokens.map((token, t) => {
    const svg = moleculeSvg(molecule, {
      atomWeights: attention.getRow(t),
      largestWeight,
      width: 210,
      height: 140,
      id: `molecule-${place}-${t}`,
      title: `${name}: atoms attended to for ${token}`,
    });
    return h("figure.card", [h("div.drawing", embedded(svg)), h("figcaption", h("strong", token))]);
  });
  const verdict = known === formula ? "without an error" : `which is ${known}`;
  return section(
    `${name}: ${formula}, ${verdict}`,
    h("div.cards", drawings),
    h("div.scroll.after", embedded(alignmentSvg(written))),
  );
}

/** A drawing as a part of a page, without styles of its own: the policy of the page forbids them. */
function embedded(svg: string): Element[] {
  return fromHtml(svg, { fragment: true, space: "svg" })
    .children.filter((child) => child.type === "element")
    .map((root) => {
      const bare = withoutStyle(root);
      return { ...bare, properties: { ...bare.properties, className: ["molecule"] } };
    });
}

function withoutStyle({ properties, children, ...element }: Element): Element {
  const { style, ...others } = properties;
  const kept = children
    .filter((child) => child.type !== "element" || child.tagName !== "style")
    .map((child) => (child.type === "element" ? withoutStyle(child) : child));
  return { ...element, properties: others, children: kept };
}
