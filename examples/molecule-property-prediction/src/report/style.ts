import { moleculeStyle } from "../picture/drawn-molecule.ts";
import { plotStyle } from "../picture/plot.ts";

/** The style of the report. Colours are named once, light and dark. */
export const reportStyle = `${plotStyle}${moleculeStyle}
:root {
  color-scheme: light dark;
  --ground: #f4f6f8; --surface: #ffffff; --ink: #14181d; --soft: #56616f; --line: #d8dde3;
  --first: #8a4fa8; --second: #0b7d6b; --focus: #1d6fd1;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0d1014; --surface: #14181d; --ink: #f4f6f8; --soft: #a3afbd; --line: #333b45;
    --first: #c79be0; --second: #4cc4ae; --focus: #7db4f5;
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
.lead, .note { color: var(--soft); }
.lead { margin: 4px 0 20px; overflow-wrap: anywhere; }
.note { font-size: .875rem; margin: 0 0 12px; }
.after { margin: 10px 0 0; }
section { background: var(--surface); border: 1px solid var(--line); border-radius: 10px; padding: 16px; margin: 0 0 16px; }
.columns { display: grid; gap: 0 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
td.number, th.number { text-align: right; white-space: nowrap; }
tbody tr:last-child > * { border-bottom: 0; }
th { font-weight: 600; }
thead th { color: var(--soft); font-weight: 500; }
.ours > * { font-weight: 650; }
.panels { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr)); }
.panel { margin: 0; max-width: 560px; }
figcaption { display: flex; flex-wrap: wrap; gap: 2px 16px; font-size: .875rem; align-items: center; overflow-wrap: anywhere; }
.key { color: var(--soft); display: inline-flex; align-items: center; gap: 6px; }
.key svg { width: 18px; height: 12px; overflow: visible; }
.chart { display: block; width: 100%; height: auto; }
.best { stroke: var(--soft); stroke-dasharray: 4 3; }
.curve { fill: none; stroke-width: 2; stroke-linejoin: round; }
.curve.other { stroke-width: 1; stroke-opacity: .45; }
.curve.first { stroke: var(--first); }
.curve.second { stroke: var(--second); }
.cards { display: grid; gap: 12px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 236px), 1fr)); }
.card { margin: 0; border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.card .drawing { background: #ffffff; display: flex; justify-content: center; padding: 6px; }
.card .molecule { display: block; max-width: 100%; height: auto; }
.card figcaption { display: block; padding: 8px 12px 10px; border-top: 1px solid var(--line); }
.card strong { line-height: 1.3; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
.card dl { margin: 4px 0; display: grid; grid-template-columns: auto 1fr; gap: 0 10px; font-variant-numeric: tabular-nums; }
.card dt { color: var(--soft); }
.card dd { margin: 0; }
.card .target { grid-column: 1 / -1; color: var(--ink); font-weight: 500; margin-top: 4px; }
.card code { font-size: .75rem; color: var(--soft); overflow-wrap: anywhere; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
footer { color: var(--soft); font-size: .875rem; }
`;
