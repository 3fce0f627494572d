import { drawingStyle } from "../picture/drawing.ts";

/** How many steps the background of a confusion table's cells has. */
export const SHADES = 8;

const shades = Array.from(
  { length: SHADES },
  (_, step) => `.shade-${step + 1} { background: rgb(var(--cell) / ${(0.06 * (step + 1)).toFixed(2)}); }`,
).join("\n");

/** The style of the report. Colours are named once, light and dark; the page's script reads them from here. */
export const reportStyle = `${drawingStyle}
:root {
  color-scheme: light dark;
  --ground: #f4f6f8; --surface: #ffffff; --ink: #14181d; --soft: #56616f; --line: #d8dde3; --edge: #56616f;
  --first: #8a4fa8; --second: #0b7d6b; --focus: #1d6fd1; --cell: 29 111 209;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0d1014; --surface: #14181d; --ink: #f4f6f8; --soft: #a3afbd; --line: #333b45; --edge: #a3afbd;
    --first: #c79be0; --second: #4cc4ae; --focus: #7db4f5; --cell: 90 160 240;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
}
main { max-width: 1080px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 0 0 10px; }
p { margin: 0; }
.lead, .note, .aside { color: var(--soft); }
.lead { margin: 4px 0 20px; }
.note { font-size: .875rem; margin-top: 8px; }
section, .figure {
  background: var(--surface); border: 1px solid var(--line); border-radius: 10px; padding: 16px; margin: 0 0 16px;
}
.columns { display: grid; gap: 0 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; }
td.number, th.number { text-align: right; white-space: nowrap; }
tbody tr:last-child > * { border-bottom: 0; }
th { font-weight: 600; }
thead th { color: var(--soft); font-weight: 500; }
.ours > * { font-weight: 650; }
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
.panels { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr)); }
.panel { margin: 0; max-width: 560px; }
figcaption { display: flex; flex-wrap: wrap; gap: 2px 16px; font-size: .875rem; align-items: center; }
.key { color: var(--soft); display: inline-flex; align-items: center; gap: 6px; }
.swatch { width: 18px; height: 0; border-top: 3px solid var(--soft); }
.swatch.first { border-color: var(--first); }
.swatch.second { border-color: var(--second); }
.swatch.dashed { border-top: 2px dashed var(--soft); }
.chart { display: block; width: 100%; height: auto; }
.grid { stroke: var(--line); }
.tick { fill: var(--soft); font-size: 12px; dominant-baseline: central; }
.tick.end { text-anchor: end; }
.tick.middle { text-anchor: middle; }
.best { stroke: var(--soft); stroke-dasharray: 4 3; }
.curve { fill: none; stroke-width: 2; stroke-linejoin: round; }
.noisy { stroke-width: 1; stroke-opacity: .3; }
.curve.first { stroke: var(--first); }
.curve.second { stroke: var(--second); }
footer { color: var(--soft); font-size: .875rem; }
@media print {
  .live .picture { visibility: visible; }
  #canvas, .only-live { display: none; }
}
`;
