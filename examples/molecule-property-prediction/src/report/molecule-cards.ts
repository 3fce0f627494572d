import type { AttendedGraphAnswers } from "@vicinal/graph";
import type { Element } from "hast";
import { h } from "hastscript";
import type { MoleculeTask, NamedMolecules, Origin } from "../input/molecule-input.ts";
import { drawnMolecule } from "../picture/drawn-molecule.ts";
import { knownInWords, predictionInWords } from "../result/in-words.ts";

/** What is drawn and told of molecules. */
export interface CardContent {
  readonly named: Pick<NamedMolecules, "molecules" | "names" | "smiles">;
  readonly task: MoleculeTask;
  readonly targetNames: readonly string[];
  readonly answers: AttendedGraphAnswers;
  /** `[molecules * targets]`; undefined for new molecules. */
  readonly known?: { readonly targets: Float64Array; readonly origin: Origin };
}

/** Molecules as drawn, each with its predictions. Names and SMILES go in as text. */
export function moleculeCards(content: CardContent, molecules: readonly number[]): Element {
  return h(
    "div.cards",
    molecules.map((molecule) => moleculeCard(content, molecule)),
  );
}

function moleculeCard({ named, task, targetNames, answers, known }: CardContent, molecule: number): Element {
  const drawing = drawnMolecule(named.molecules[molecule]!, answers.attention?.[molecule], { width: 224, height: 160 });
  const [name, smiles] = [named.names[molecule]!, named.smiles[molecule]!];
  return h("figure.card", [
    h("div.drawing", drawing),
    h("figcaption", [
      h("strong", name),
      h(
        "dl",
        targetNames.flatMap((target, t) => {
          const place = molecule * targetNames.length + t;
          const predicted = predictionInWords(task, answers.values[place]!, answers.uncertainty?.[place]);
          return [
            ...(targetNames.length > 1 ? [h("dt.target", target)] : []),
            h("dt", "predicted"),
            h("dd", predicted),
            ...(known === undefined ? [] : [h("dt", known.origin), h("dd", knownInWords(task, known.targets[place]!))]),
          ];
        }),
      ),
      ...(name === smiles ? [] : [h("code", smiles)]),
    ]),
  ]);
}
