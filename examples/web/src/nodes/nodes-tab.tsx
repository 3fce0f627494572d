import { useEffect, useState } from "preact/hooks";
import { Notice } from "../page/notice.tsx";
import { GraphView } from "./graph-view.tsx";
import { Legend } from "./legend.tsx";
import { NodePanel } from "./node-panel.tsx";
import "./nodes.css";
import { OpenPanel } from "./open-panel.tsx";
import { ResultPanel } from "./result-panel.tsx";
import { SettingsPanel } from "./settings-panel.tsx";
import { startNodesWorker } from "./start-nodes-worker.ts";
import { NodesStore } from "./store.ts";
import { TrainingPanel } from "./training-panel.tsx";

/** Labels the nodes of a graph: opens with the karate club. */
export function NodesTab() {
  const [store] = useState(
    () =>
      new NodesStore(startNodesWorker, {
        label: "",
        features: [],
        layer: "gatv2",
        heads: 4,
        hiddenPerHead: 8,
        epochs: 80,
        seed: 1,
      }),
  );
  useEffect(() => store.ask({ kind: "open-karate-club" }), [store]);
  const error = store.error.value;
  const hint = store.opened.value?.hint;
  return (
    <div class="nodes">
      <div class="nodes-messages">
        {error !== undefined && (
          <Notice
            kind="error"
            onClose={() => {
              store.error.value = undefined;
            }}
          >
            {error}
          </Notice>
        )}
        {hint !== undefined && <Notice kind="hint">{hint}</Notice>}
      </div>
      <div class="nodes-settings">
        <OpenPanel store={store} />
        <SettingsPanel store={store} />
      </div>
      <div class="nodes-work">
        <TrainingPanel store={store} />
        <section class="panel picture" aria-labelledby="picture-title">
          <h2 id="picture-title">{store.opened.value?.drawn.title ?? "Graph"}</h2>
          <GraphView store={store} />
          <Legend store={store} />
        </section>
        <ResultPanel store={store} />
      </div>
      <div class="nodes-detail">
        <NodePanel store={store} />
      </div>
    </div>
  );
}
