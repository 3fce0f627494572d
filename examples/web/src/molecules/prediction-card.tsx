import { drawingInWords, knownInWords, partInWords, predictionInWords } from "./in-words.ts";
import { MoleculeDrawing } from "./molecule-drawing.tsx";
import type { MoleculeRow } from "./page-state.ts";
import type { ModelFacts } from "./protocol.ts";

export interface PredictionCardProps {
  readonly row: MoleculeRow;
  readonly facts: ModelFacts | undefined;
  readonly svg: string | undefined;
}

/** One molecule: as drawn, what is predicted of it, and what is known. */
export function PredictionCard({ row, facts, svg }: PredictionCardProps) {
  const { name, smiles, elements, prediction } = row;
  return (
    <li class="card" data-line={row.line}>
      <div class="paper">
        <MoleculeDrawing
          svg={svg}
          elements={elements}
          attention={prediction?.attention}
          description={drawingInWords(row)}
        />
      </div>
      <div class="card-text">
        <h3 title={name}>{name}</h3>
        {facts !== undefined && prediction !== undefined && (
          <dl>
            {facts.targetNames.map((target, k) => (
              <Value key={target} target={target} at={k} facts={facts} prediction={prediction} />
            ))}
          </dl>
        )}
        <p class="card-foot">
          <code title={smiles}>{smiles}</code>
          {prediction !== undefined && (
            <span class={`part ${prediction.part ?? "new"}`}>{partInWords(prediction.part)}</span>
          )}
        </p>
      </div>
    </li>
  );
}

interface ValueProps {
  readonly target: string;
  readonly at: number;
  readonly facts: ModelFacts;
  readonly prediction: NonNullable<MoleculeRow["prediction"]>;
}

function Value({ target, at, facts, prediction: { values, uncertainty, known } }: ValueProps) {
  const [value, fact] = [values[at], known[at]];
  const bare = { task: facts.task, unit: "" };
  const several = facts.targetNames.length > 1;
  return (
    <>
      {several && <dt class="target">{target}</dt>}
      <dt>predicted</dt>
      <dd class="predicted">
        {value === undefined ? "nothing" : predictionInWords(bare, value, uncertainty?.[at])}
        <Unit unit={facts.unit} />
      </dd>
      {fact !== undefined && (
        <>
          <dt>{facts.origin}</dt>
          <dd>
            {knownInWords(bare, fact)}
            <Unit unit={facts.unit} />
          </dd>
        </>
      )}
    </>
  );
}

/** Set apart, so that it breaks as one. */
function Unit({ unit }: { readonly unit: string }) {
  return unit === "" ? null : <span class="unit"> {unit}</span>;
}
