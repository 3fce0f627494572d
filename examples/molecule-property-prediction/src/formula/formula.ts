import { Random } from "@vicinal/core";
import { type Streams, save, showProgress } from "@vicinal/example-terminal";
import type { FormulaArguments } from "../arguments.ts";
import { readEmbeddedList } from "../input/embedded-list.ts";
import { shortened } from "../input/read-molecules.ts";
import { alignmentPage, alignmentSvg, type WrittenMolecule } from "./alignment-page.ts";
import { formulaBlindToBonds } from "./blind-to-bonds.ts";
import { formulaExamples } from "./formula-examples.ts";
import { hillFormula } from "./hill-formula.ts";
import { learnFormulae, writeFormulae } from "./learn-formulae.ts";

/** The most atoms of the molecules that are learned from, hydrogens not counted. */
const MOST_ATOMS = 20;
/** How many molecules are drawn, and listed. */
const SHOWN = 8;

/** Learns to write the formula of a molecule from its atoms and bonds, and tells and draws how well it does on molecules that were held out. */
export async function formula(
  { examples: count, epochs, seed, out: folder, quiet }: FormulaArguments,
  { out, progress }: Streams,
): Promise<void> {
  const print = (text: string) => quiet || out.write(`${text}\n`);
  const random = new Random(seed);
  const list = await readEmbeddedList();
  const examples = formulaExamples(list.molecules, { mostAtoms: MOST_ATOMS, madeUp: count, random });
  const { known, madeUp, heldOut } = examples;
  const setting =
    `Formulae by the system of Hill, from elements, charges and bonds: hydrogens are not told, they follow from the bonds. Learned from ${known.length} ` +
    `molecules of at most ${MOST_ATOMS} atoms and ${madeUp.length.toLocaleString("en")} structures made up of their pieces; ${heldOut.length} molecules held ` +
    "out, whose formulae are in none of these.";
  print(`${setting}\n`);

  const display = showProgress(progress, "Training");
  const model = await learnFormulae(examples, {
    epochs,
    random,
    onProgress: ({ epoch, loss }) => {
      if (!quiet) display.update(epoch, epochs, `epochs, loss ${loss.toFixed(3)}`);
    },
  }).finally(() => display.stop());

  const molecules = heldOut.map((place) => list.molecules[place]!);
  const written = writeFormulae(model, molecules).map(
    (answer, k): WrittenMolecule => ({
      ...answer,
      name: list.names[heldOut[k]!]!,
      molecule: molecules[k]!,
      known: hillFormula(molecules[k]!),
    }),
  );
  const guess = formulaBlindToBonds(known);
  const isExact = written.map(({ formula, known }) => formula === known);
  const isGuessed = written.map(({ molecule, known }) => guess(molecule) === known);
  print(`Formulae without an error, of ${heldOut.length} held out`);
  print(`  network                                     ${percent(isExact)}`);
  print(`  atoms counted, hydrogens of the most alike  ${percent(isGuessed)}\n`);

  const shown = spread(written, SHOWN);
  for (const { name, known, formula } of shown) {
    print(`  ${shortened(name, 28).padEnd(28)}  ${formula.padEnd(14)}${formula === known ? "" : `  (is ${known})`}`);
  }
  const map = await save(folder, "alignment.svg", alignmentSvg(shown[shown.length >> 1]!));
  print(`\nHeat map:    ${map}`);
  const lead = `${setting} ${percent(isExact)} of the formulae held out were written without an error.`;
  const path = await save(folder, "alignment.html", alignmentPage(lead, shown));
  out.write(quiet ? `${path}\n` : `Alignment:   ${path}\n`);
}

function percent(marks: readonly boolean[]): string {
  return `${((100 * marks.filter((mark) => mark).length) / marks.length).toFixed(0)} %`;
}

/** Some, from the smallest molecule to the largest. */
function spread(written: readonly WrittenMolecule[], count: number): WrittenMolecule[] {
  const bySize = [...written].sort((a, b) => a.molecule.atoms.length - b.molecule.atoms.length);
  return Array.from({ length: count }, (_, k) => bySize[Math.floor(((k + 0.5) * bySize.length) / count)]!);
}
