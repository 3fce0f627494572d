import type { NodesStore } from "./store.ts";

/** As many classes are named under the picture. */
const mostNamed = 14;

/** What the colours of the picture mean, and how many nodes have each. */
export function Legend({ store }: { readonly store: NodesStore }) {
  const labels = store.labels.value;
  const predictions = store.predictions.value;
  const graph = store.opened.value?.drawn;
  const numbers = new Intl.NumberFormat("en");
  const counts = new Map<number, number>();
  for (const answer of predictions?.classes ?? []) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return (
    <div class="legend">
      {graph && (
        <span>
          {numbers.format(graph.names.length)} nodes, {numbers.format(graph.edges.length / 2)} edges
        </span>
      )}
      {predictions &&
        labels?.classes.slice(0, mostNamed).map((name, c) => (
          <span key={name}>
            <span class="swatch" style={{ background: store.colors.value[c] ?? "" }} /> {name} (
            {numbers.format(counts.get(c) ?? 0)})
          </span>
        ))}
      {labels && labels.classes.length > mostNamed && <span>and {labels.classes.length - mostNamed} more</span>}
      {predictions && <span>More solid: surer. Larger: label known.</span>}
    </div>
  );
}
