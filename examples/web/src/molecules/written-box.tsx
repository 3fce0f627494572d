import { useId } from "preact/hooks";
import { Notice } from "../page/notice.tsx";
import { countInWords } from "./in-words.ts";
import type { MoleculesState } from "./page-state.ts";
import { mostWritten } from "./written-list.ts";

export interface WrittenBoxProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly state: MoleculesState;
}

/** So many lines that hold no molecule are listed. */
const mostListed = 20;

/** Where molecules are typed or pasted, with the lines that hold none. */
export function WrittenBox({ text, onText, state: { unread, written, problems } }: WrittenBoxProps) {
  const id = useId();
  return (
    <section class="panel" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>Molecules</h2>
      <div class="field">
        <label for={id}>SMILES, one a line</label>
        <textarea
          id={id}
          class="smiles"
          rows={8}
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          wrap="off"
          aria-describedby={`${id}-hint`}
          value={text}
          onInput={({ currentTarget }) => onText(currentTarget.value)}
        />
        <span class="hint" id={`${id}-hint`}>
          A name may follow behind a space. Typing or pasting is enough: what can be read is drawn, and predicted once
          there is a model.
        </span>
      </div>
      {written.leftOut > 0 && (
        <Notice kind="hint">
          The first {mostWritten.toLocaleString("en")} molecules are read; {countInWords(written.leftOut, "line")} more
          are not.
        </Notice>
      )}
      {unread.length > 0 && (
        <section class="unread" aria-label="Lines that hold no molecule">
          <p>{countInWords(unread.length, "line")} could not be read; the others can be used.</p>
          <ul>
            {unread.slice(0, mostListed).map(({ line, smiles, reason }) => (
              <li key={line}>
                <strong>Line {line}</strong> <code>{shortened(smiles)}</code>: {reason}
              </li>
            ))}
          </ul>
          {unread.length > mostListed && (
            <p class="hint">… and {countInWords(unread.length - mostListed, "line")} more.</p>
          )}
        </section>
      )}
      {problems.list !== undefined && <Notice kind="error">{problems.list}</Notice>}
    </section>
  );
}

function shortened(smiles: string): string {
  return smiles.length > 60 ? `${smiles.slice(0, 60)}…` : smiles;
}
