import { useEffect, useId, useRef, useState } from "preact/hooks";
import { download } from "../page/download.ts";
import { SelectField } from "../page/fields.tsx";
import { countInWords, isLive } from "./in-words.ts";
import type { MoleculesState } from "./page-state.ts";
import { PredictionCard } from "./prediction-card.tsx";
import { predictionsCsv } from "./predictions-csv.ts";
import type { MoleculeRequest } from "./protocol.ts";
import { type Ranking, ranked } from "./ranking.ts";

export interface PredictionListProps {
  readonly state: MoleculesState;
  readonly ask: (request: MoleculeRequest) => void;
}

/** So many molecules are shown at first, and more at each press of the button. */
const shownAtOnce = 24;

const orders: readonly { readonly value: Ranking; readonly text: string }[] = [
  { value: "written", text: "as written" },
  { value: "highest", text: "highest prediction first" },
  { value: "lowest", text: "lowest prediction first" },
  { value: "uncertain", text: "most uncertain first" },
  { value: "farthest", text: "farthest from what is known first" },
];

/** The molecules of the text box, drawn and predicted. */
export function PredictionList({ state, ask }: PredictionListProps) {
  const id = useId();
  const [ranking, setRanking] = useState<Ranking>("written");
  const [most, setMost] = useState(shownAtOnce);
  const { rows, drawings, list, facts } = state;
  const shown = ranked(rows, ranking).slice(0, most);
  const isPredicted = facts !== undefined && rows.some(({ prediction }) => prediction !== undefined);
  useDrawings(
    state,
    ask,
    shown.filter(({ smiles }) => !drawings.has(smiles)).map(({ place }) => place),
  );

  return (
    <section class="predictions" aria-labelledby={`${id}-title`}>
      <div class="predictions-head">
        <h2 id={`${id}-title`}>
          {isPredicted ? `Predicted: ${facts.targetNames.join(", ")}` : "Molecules, not predicted yet"}
          {isLive(state) && <span class="live">still learning</span>}
        </h2>
        <div class="row">
          <SelectField label="Order" value={ranking} options={orders} onChange={setRanking} />
          <button
            type="button"
            disabled={!isPredicted}
            onClick={() =>
              facts !== undefined &&
              download({ name: "predictions.csv", type: "text/csv", content: predictionsCsv(rows, facts) })
            }
          >
            Download predictions.csv
          </button>
        </div>
      </div>
      {isPredicted && rows.some(({ prediction }) => prediction?.attention !== undefined) && (
        <p class="legend">
          <span>
            <span class="swatch more" /> more attention than an equal share
          </span>
          <span>
            <span class="swatch less" /> less
          </span>
          <span>It says what was looked at, not why an answer is right.</span>
        </p>
      )}
      <ul class="cards" data-list={list}>
        {shown.map((row) => (
          <PredictionCard key={row.place} row={row} facts={facts} svg={drawings.get(row.smiles)} />
        ))}
      </ul>
      {rows.length > shown.length && (
        <button type="button" onClick={() => setMost(most + shownAtOnce)}>
          Show more: {countInWords(rows.length - shown.length, "molecule")} not shown
        </button>
      )}
    </section>
  );
}

/** Asks for drawings that are missing, each once. */
function useDrawings(
  { list, rows }: MoleculesState,
  ask: (request: MoleculeRequest) => void,
  missing: readonly number[],
) {
  const asked = useRef<{ readonly list: number; readonly places: Set<number> }>({ list: 0, places: new Set() });
  useEffect(() => {
    if (asked.current.list !== list) asked.current = { list, places: new Set() };
    const places = missing.filter((place) => !asked.current.places.has(place));
    for (const place of places) asked.current.places.add(place);
    if (places.length > 0) ask({ kind: "draw", list, places });
  }, [list, rows, missing.join(" ")]);
}
