import { drawingStyle } from "../picture/drawing.ts";

/** How many steps the background of a confusion table's cells has. */
export const SHADES = 8;

const shades = Array.from(
  { length: SHADES },
  (_, step) => `.shade-${step + 1} { background: rgb(var(--cell) / ${(0.06 * (step + 1)).toFixed(2)}); }`,
).join("\n");

/** The style of what is the report's own. Colours are named once, light and dark; the page's script reads them from the page. */
export const reportStyle = `${drawingStyle}
:root { --edge: #56616f; --cell: 29 111 209; }
@media (prefers-color-scheme: dark) {
  :root { --edge: #a3afbd; --cell: 90 160 240; }
}
.aside { color: var(--soft); }
.note { margin-top: 8px; }
.figure {
  background: var(--surface); border: 1px solid var(--line); border-radius: 10px; padding: 16px; margin: 0 0 16px;
}
.meter { background: var(--line); border-radius: 3px; height: 8px; min-width: 80px; margin-top: 8px; overflow: hidden; }
.meter svg { display: block; width: 100%; height: 100%; }
.meter rect { fill: var(--soft); }
.ours .meter rect { fill: var(--focus); }
.confusion { width: auto; }
.confusion th, .confusion td { padding: 6px 10px; }
.confusion td { text-align: right; min-width: 3.5em; }
.confusion thead th { text-align: right; }
${shades}
.confusion .right { outline: 1.5px solid var(--soft); outline-offset: -2px; }
.toolbar { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin-bottom: 12px; }
#classes { display: flex; flex-wrap: wrap; gap: 8px; }
.tools { display: flex; flex-wrap: wrap; gap: 8px; margin-left: auto; }
button, input {
  font: inherit; font-size: .9rem; color: var(--ink); background: var(--surface); border: 1px solid var(--line);
  border-radius: 6px; padding: 5px 10px; min-height: 34px;
}
button { cursor: pointer; }
button:disabled { color: inherit; cursor: default; border-color: transparent; padding-left: 0; }
button:hover:enabled { border-color: var(--soft); }
button[aria-pressed="true"] { border-color: var(--focus); box-shadow: inset 0 0 0 1px var(--focus); }
input:invalid { border-color: #c2410c; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
#search { width: 11em; }
.only-live { display: none; }
.interactive .only-live { display: revert; }
.interactive .tools { display: flex; }
.dot { display: inline-block; width: 12px; height: 12px; border-radius: 50%; margin-right: 6px; vertical-align: -1px; }
.dot svg { display: block; }
.graph { position: relative; }
#stage { position: relative; border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
#stage .picture { display: block; width: 100%; height: auto; max-height: 76vh; }
#canvas { position: absolute; inset: 0; }
#canvas canvas { touch-action: pan-x pan-y; }
.live .picture { visibility: hidden; }
#tooltip {
  position: absolute; z-index: 2; max-width: min(260px, 80%); padding: 8px 12px; border-radius: 8px; font-size: .875rem; pointer-events: none;
  background: var(--surface); border: 1px solid var(--line); box-shadow: 0 4px 16px rgb(0 0 0 / .18); overflow-wrap: anywhere;
}
#tooltip[hidden] { display: none; }
@media (max-width: 600px) {
  /* There is no room beside a finger: the box goes under the graph. */
  #tooltip { position: static; max-width: none; margin-top: 8px; box-shadow: none; }
  #stage { min-height: 260px; display: grid; align-items: center; }
}
.attends { list-style: none; margin: 4px 0 0; padding: 0; min-width: 180px; }
.attends li { position: relative; display: flex; justify-content: space-between; gap: 12px; padding: 1px 6px; margin-bottom: 2px; }
.attends .bar { position: absolute; left: 0; top: 0; bottom: 0; background: var(--line); border-radius: 3px; }
.attends .who, .attends .share { position: relative; }
.attends .share { white-space: nowrap; }
.signs { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: .875rem; color: var(--soft); margin-top: 10px; }
.signs svg { width: 18px; height: 18px; vertical-align: -4px; margin-right: 5px; overflow: visible; }
.swatch { width: 18px; height: 0; border-top: 3px solid var(--soft); }
.swatch.first { border-color: var(--first); }
.swatch.second { border-color: var(--second); }
.swatch.dashed { border-top: 2px dashed var(--soft); }
.grid { stroke: var(--line); }
.tick { fill: var(--soft); font-size: 12px; dominant-baseline: central; }
.tick.end { text-anchor: end; }
.tick.middle { text-anchor: middle; }
.noisy { stroke-width: 1; stroke-opacity: .3; }
@media print {
  .live .picture { visibility: visible; }
  #canvas, .only-live { display: none; }
}
`;
