import { useId, useMemo, useState } from "preact/hooks";
import { findNodes } from "./node-search.ts";
import type { NodesStore } from "./store.ts";

const mostListed = 100;

/** All nodes by name: what the picture is for the mouse, for the keyboard. */
export function NodeList({ store }: { readonly store: NodesStore }) {
  const id = useId();
  const [text, setText] = useState("");
  const names = store.opened.value?.drawn.names;
  const selected = store.selected.value;
  const { found, total } = useMemo(() => findNodes(names ?? [], text, mostListed), [names, text]);
  const isSelectedListed = found.some(({ node }) => node === selected);
  return (
    <div class="node-list">
      <div class="field">
        <label for={`${id}-search`}>Find a node</label>
        <input
          id={`${id}-search`}
          type="search"
          value={text}
          autocomplete="off"
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && found[0] !== undefined) store.select(found[0].node);
          }}
        />
      </div>
      <div class="field">
        <label for={`${id}-nodes`}>
          Nodes {total > found.length ? `(${found.length} of ${total} shown)` : `(${total})`}
        </label>
        <select
          id={`${id}-nodes`}
          size={6}
          value={isSelectedListed ? String(selected) : ""}
          onChange={({ currentTarget }) => {
            if (currentTarget.value !== "") store.select(Number(currentTarget.value));
          }}
        >
          {found.map(({ node, name }) => (
            <option key={node} value={String(node)}>
              {name}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
