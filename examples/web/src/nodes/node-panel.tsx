import { useState } from "preact/hooks";
import { SelectField } from "../page/fields.tsx";
import { NodeList } from "./node-list.tsx";
import { type InspectedNode, parts } from "./protocol.ts";
import { rankNeighbors } from "./ranking.ts";
import { percent } from "./status.ts";
import type { NodesStore } from "./store.ts";

/** Neighbors that are listed before the reader asks for all. */
const mostRows = 25;

/** One node: what it is taken for, whom it attends to, and what an edge changes. */
export function NodePanel({ store }: { readonly store: NodesStore }) {
  const selected = store.selected.value;
  const inspected = store.inspected.value;
  const name = selected === undefined ? undefined : nameOf(store, selected);
  return (
    <section class="panel node" aria-labelledby="node-title">
      <div class="row spread">
        <h2 id="node-title">{name === undefined ? "One node" : name}</h2>
        {selected !== undefined && (
          <button type="button" class="quiet" onClick={() => store.select(undefined)}>
            Let go
          </button>
        )}
      </div>
      <NodeList store={store} />
      {selected === undefined ? (
        <p class="hint">Click a node in the picture, or choose one from the list.</p>
      ) : inspected === undefined ? (
        <p class="hint">
          {store.labels.value === undefined ? "Train a network to see whom this node attends to." : "One moment …"}
        </p>
      ) : (
        <>
          <Answer store={store} inspected={inspected} />
          <Neighbors store={store} inspected={inspected} />
        </>
      )}
    </section>
  );
}

/** What the node is taken for, and what the missing edges have changed about it. */
function Answer({ store, inspected }: { readonly store: NodesStore; readonly inspected: InspectedNode }) {
  const labels = store.labels.value;
  const classes = labels?.classes ?? [];
  const [now, before] = [likeliest(inspected.probabilities), likeliest(inspected.before)];
  const known = labels?.known[inspected.node] ?? -1;
  const part = parts[labels?.parts[inspected.node] ?? 0];
  const isChanged = now.c !== before.c;
  const { removedEdges, othersChanged } = inspected;
  return (
    <div class="answer">
      <p>
        Taken for{" "}
        <strong>
          <Swatch color={store.colors.value[now.c]} /> {classes[now.c] ?? "?"}
        </strong>{" "}
        at {percent(now.probability)}
        {known >= 0 && (
          <>
            ; it is <strong>{classes[known]}</strong>
            {part === "test"
              ? ", which the network was not told"
              : part === "train"
                ? ", which the network was told"
                : ""}
          </>
        )}
        .
      </p>
      {removedEdges.length > 0 && (
        <p class={isChanged ? "effect changed" : "effect"} role="status" aria-live="polite" data-testid="effect">
          Without {removedEdges.length === 1 ? "the removed edge" : `${removedEdges.length} removed edges`}:{" "}
          {isChanged
            ? `the label changes from ${classes[before.c] ?? "?"} (${percent(before.probability)}) to ${classes[now.c] ?? "?"} (${percent(now.probability)})`
            : `the label stays ${classes[now.c] ?? "?"}, its probability goes from ${percent(before.probability)} to ${percent(inspected.probabilities[before.c] ?? 0)}`}
          {othersChanged > 0 &&
            `; ${othersChanged === 1 ? "one other node changes its" : `${othersChanged} other nodes change their`} label`}
          .
        </p>
      )}
      {removedEdges.length > 0 && (
        <div class="row">
          {removedEdges.map((edge) => (
            <button key={edge} type="button" onClick={() => store.toggleEdge(edge)}>
              Put back: {edgeInWords(store, edge)}
            </button>
          ))}
          {removedEdges.length > 1 && (
            <button type="button" onClick={() => store.putEdgesBack()}>
              Put all back
            </button>
          )}
        </div>
      )}
    </div>
  );
}

/** Whom the node attends to, ranked by one head or by all. */
function Neighbors({ store, inspected }: { readonly store: NodesStore; readonly inspected: InspectedNode }) {
  const layers = inspected.neighbors[0]?.heads.length ?? 0;
  const [layer, setLayer] = useState<number>();
  const [head, setHead] = useState<number | "mean">("mean");
  const [areAllShown, setAllShown] = useState(false);
  const shownLayer = Math.min(layer ?? layers - 1, layers - 1);
  const heads = inspected.neighbors[0]?.heads[shownLayer]?.length ?? 0;
  const headNumbers = Array.from({ length: heads }, (_, h) => h + 1);
  const shownHead = head === "mean" || head < heads ? head : "mean";
  const rows = rankNeighbors(inspected.neighbors, shownLayer, shownHead);
  const shown = areAllShown ? rows : rows.slice(0, mostRows);
  if (rows.length === 0) return <p class="hint">This node has no neighbors to attend to.</p>;
  return (
    <>
      <div class="fields">
        <SelectField
          label="Layer"
          value={String(shownLayer)}
          options={Array.from({ length: layers }, (_, l) => ({
            value: String(l),
            text: l === layers - 1 ? `${l + 1} (the last)` : String(l + 1),
          }))}
          onChange={(value) => setLayer(Number(value))}
        />
        <SelectField
          label="Ranked by"
          value={String(shownHead)}
          options={[
            { value: "mean", text: "all heads" },
            ...Array.from({ length: heads }, (_, h) => ({ value: String(h), text: `head ${h + 1}` })),
          ]}
          onChange={(value) => setHead(value === "mean" ? "mean" : Number(value))}
        />
      </div>
      {/* Wider than a phone: it scrolls by itself, and follows the keyboard. */}
      <section class="scroll" aria-label="Neighbors ranked by attention">
        <table class="neighbors" data-testid="neighbors">
          <thead>
            <tr>
              <th scope="col">Neighbor</th>
              <th scope="col">Attention</th>
              <th scope="col">
                <span class="visually-hidden">Edge</span>
              </th>
              {headNumbers.map((number) => (
                <th
                  key={number}
                  scope="col"
                  class="head"
                  aria-sort={shownHead === number - 1 ? "descending" : undefined}
                >
                  <abbr title={`Head ${number}`}>{number}</abbr>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ node, edge, heads: ofLayers, weight }) => {
              const name = node === inspected.node ? `${nameOf(store, node)} (itself)` : nameOf(store, node);
              return (
                <tr key={`${node} ${edge}`}>
                  <th scope="row">
                    <button
                      type="button"
                      class="name"
                      onClick={() => store.select(node)}
                      disabled={node === inspected.node}
                    >
                      <Swatch color={store.colors.value[inspected.predictions.classes[node] ?? 0]} /> {name}
                    </button>
                  </th>
                  <td class="weight">
                    <span class="bar" style={{ inlineSize: `${Math.round(100 * weight)}%` }} />
                    <span>{percent(weight)}</span>
                  </td>
                  <td>
                    {edge >= 0 && (
                      <button
                        type="button"
                        class="remove"
                        aria-label={`Remove the edge to ${name}`}
                        onClick={() => store.toggleEdge(edge)}
                      >
                        Remove
                      </button>
                    )}
                  </td>
                  {headNumbers.map((number) => {
                    const ofHead = ofLayers[shownLayer]?.[number - 1] ?? 0;
                    return (
                      <td key={number} class="head" style={{ "--weight": String(Math.min(1, ofHead)) }}>
                        {Math.round(100 * ofHead)}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      {rows.length > shown.length && (
        <button type="button" onClick={() => setAllShown(true)}>
          Show all {rows.length} neighbors
        </button>
      )}
      <p class="hint">
        In percent. In every head the weights sum to 100. Attention says what was looked at, not what decided: remove an
        edge to see whether the answer rests on it.
      </p>
    </>
  );
}

function Swatch({ color }: { readonly color: string | undefined }) {
  return <span class="swatch" style={{ background: color ?? "var(--line-strong)" }} />;
}

function nameOf(store: NodesStore, node: number): string {
  return store.opened.value?.drawn.names[node] ?? String(node);
}

function edgeInWords(store: NodesStore, edge: number): string {
  const edges = store.opened.value?.drawn.edges;
  return `${nameOf(store, edges?.[2 * edge] ?? 0)} – ${nameOf(store, edges?.[2 * edge + 1] ?? 0)}`;
}

function likeliest(probabilities: readonly number[]): { readonly c: number; readonly probability: number } {
  const probability = Math.max(...probabilities);
  return { c: probabilities.indexOf(probability), probability };
}
