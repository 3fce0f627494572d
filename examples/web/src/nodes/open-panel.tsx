import { useState } from "preact/hooks";
import { FileDrop } from "../page/file-drop.tsx";
import { sizeInWords } from "../page/file-size.ts";
import type { NodesStore } from "./store.ts";

/** Larger files are refused before they are read. In bytes. */
const mostGraphBytes = 32e6;

const endings = [".gexf", ".graphml", ".json", ".csv"] as const;

/** Where graphs come from. */
export function OpenPanel({ store }: { readonly store: NodesStore }) {
  const [seed, setSeed] = useState(1);
  const isOpening = store.phase.value === "opening";
  const mayOpen = store.allows("open-files");
  return (
    <section class="panel" aria-labelledby="open-title">
      <h2 id="open-title">Graph</h2>
      <div class="row">
        <button type="button" disabled={!mayOpen} onClick={() => store.ask({ kind: "open-karate-club" })}>
          Karate club
        </button>
        <button
          type="button"
          disabled={!mayOpen}
          onClick={() => {
            store.ask({ kind: "open-communities", seed });
            setSeed(seed + 1);
          }}
        >
          Generate 2,000 nodes
        </button>
        {isOpening && (
          <button type="button" onClick={() => store.restart("Reading was broken off; here is the karate club.")}>
            Break off
          </button>
        )}
      </div>
      <FileDrop
        label="Open a graph file"
        hint={`or drop one here: GEXF, GraphML, graphology JSON or CSV, up to ${sizeInWords(mostGraphBytes)}. A CSV of edges may bring a second one of nodes.`}
        endings={endings}
        mostBytes={mostGraphBytes}
        mostFiles={2}
        disabled={!mayOpen}
        onFiles={(files) => store.ask({ kind: "open-files", files })}
        onRefused={(reason) => {
          store.error.value = reason;
        }}
      />
      <p class="hint">
        <strong>Nothing leaves the page:</strong> your file is read here and sent nowhere.
      </p>
    </section>
  );
}
