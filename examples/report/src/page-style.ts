/** The style of all pages. Colours are named once, light and dark. */
export const pageStyle = `
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
.note { font-size: .875rem; }
section { background: var(--surface); border: 1px solid var(--line); border-radius: 10px; padding: 16px; margin: 0 0 16px; }
.columns { display: grid; gap: 0 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; }
td.number, th.number { text-align: right; white-space: nowrap; }
tbody tr:last-child > * { border-bottom: 0; }
th { font-weight: 600; }
thead th { color: var(--soft); font-weight: 500; }
.ours > * { font-weight: 650; }
.panels { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr)); }
.panel { margin: 0; max-width: 560px; }
figcaption { display: flex; flex-wrap: wrap; gap: 2px 16px; font-size: .875rem; align-items: center; }
.key { color: var(--soft); display: inline-flex; align-items: center; gap: 6px; }
.chart { display: block; width: 100%; height: auto; }
.best { stroke: var(--soft); stroke-dasharray: 4 3; }
.curve { fill: none; stroke-width: 2; stroke-linejoin: round; }
.curve.first { stroke: var(--first); }
.curve.second { stroke: var(--second); }
footer { color: var(--soft); font-size: .875rem; }
`;
