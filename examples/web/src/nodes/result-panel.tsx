import { FileDrop } from "../page/file-drop.tsx";
import { sizeInWords } from "../page/file-size.ts";
import type { NodesStore } from "./store.ts";

/** Larger files of models are refused before they are read. In bytes. */
const mostModelBytes = 64e6;

/** What can be taken home, and brought back. */
export function ResultPanel({ store }: { readonly store: NodesStore }) {
  const mayExport = store.allows("export");
  const isNameless = store.trainedChoices.value?.features.length === 0;
  return (
    <section class="panel" aria-labelledby="result-title">
      <h2 id="result-title">Take home</h2>
      <div class="row">
        <button type="button" disabled={!mayExport} onClick={() => store.export("csv")}>
          Predictions as CSV
        </button>
        <button type="button" disabled={!mayExport} onClick={() => store.export("gexf")}>
          Graph as GEXF
        </button>
        <button type="button" disabled={!mayExport || isNameless} onClick={() => store.export("model")}>
          Model as safetensors
        </button>
      </div>
      {isNameless && (
        <p class="hint">
          This network learned each node by itself, so a file of it would be of no use to any other graph.
        </p>
      )}
      <FileDrop
        label="Open a model file"
        hint={`or drop one here, up to ${sizeInWords(mostModelBytes)}: one from this page, or from labelNodes of the library. It answers for the graph that is open.`}
        endings={[".safetensors"]}
        mostBytes={mostModelBytes}
        disabled={!store.allows("open-model")}
        onFiles={([file]) => {
          if (file !== undefined) store.ask({ kind: "open-model", file });
        }}
        onRefused={(reason) => {
          store.error.value = reason;
        }}
      />
    </section>
  );
}
