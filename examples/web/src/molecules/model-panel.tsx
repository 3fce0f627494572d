import { useId } from "preact/hooks";
import { FileDrop } from "../page/file-drop.tsx";
import { Notice } from "../page/notice.tsx";
import { countInWords, originInWords, scoresInWords } from "./in-words.ts";
import { isTraining } from "./page-state.ts";
import type { UnreadMolecule } from "./protocol.ts";
import type { MoleculeConnection } from "./worker-connection.ts";

/** So many rows of a table that hold no molecule are listed. */
const mostListed = 20;

/** What predicts, how good it is, and the way to a file and back. */
export function ModelPanel({ state, act, ask }: MoleculeConnection) {
  const id = useId();
  const { model, problems, phase } = state;
  const isBusy = isTraining(state) || ["starting", "loading", "broken"].includes(phase);
  const load = async ([file]: readonly File[]) => {
    if (file === undefined) return;
    act({ kind: "ask-to-load" });
    ask({ kind: "load", name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
  };
  return (
    <section class="panel" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>Model</h2>
      {model === undefined ? (
        <p class="hint">None yet: train networks, or load a model that was saved here or by the molecules example.</p>
      ) : (
        <div class="model-words">
          <p>{originInWords(model)}</p>
          {model.from.kind === "trained" && <p>{scoresInWords(model.from.scores, model)}</p>}
          {!model.attends && <p>These networks do not attend to atoms, so that drawings have no colours.</p>}
        </div>
      )}
      {model?.from.kind === "trained" && model.from.unread.length > 0 && <UnreadRows unread={model.from.unread} />}
      <div class="row">
        <button type="button" disabled={isBusy || model === undefined} onClick={() => ask({ kind: "save" })}>
          Download the model
        </button>
      </div>
      <FileDrop
        label="Load a model"
        hint="a .safetensors file; nothing in it is run"
        endings={[".safetensors"]}
        mostBytes={50e6}
        disabled={isBusy}
        onFiles={(files) => void load(files)}
        onRefused={(sentence) => act({ kind: "refuse", doing: "load", sentence })}
      />
      {(["load", "save"] as const).map((doing) =>
        problems[doing] === undefined ? null : (
          <Notice key={doing} kind="error" onClose={() => act({ kind: "dismiss", doing })}>
            {problems[doing]}
          </Notice>
        ),
      )}
    </section>
  );
}

function UnreadRows({ unread }: { readonly unread: readonly UnreadMolecule[] }) {
  return (
    <details class="unread">
      <summary>{countInWords(unread.length, "row")} of the table could not be read</summary>
      <ul>
        {unread.slice(0, mostListed).map(({ place, smiles, reason }) => (
          <li key={place}>
            <strong>Row {place}</strong> <code>{smiles.slice(0, 60)}</code>: {reason}
          </li>
        ))}
      </ul>
      {unread.length > mostListed && <p class="hint">… and {countInWords(unread.length - mostListed, "row")} more.</p>}
    </details>
  );
}
