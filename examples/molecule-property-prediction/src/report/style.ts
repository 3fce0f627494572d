import { moleculeStyle } from "../picture/drawn-molecule.ts";
import { plotStyle } from "../picture/plot.ts";

/** The style of what is the report's own. */
export const reportStyle = `${plotStyle}${moleculeStyle}
.note { margin: 0 0 12px; }
.after { margin: 10px 0 0; }
th, td, figcaption { overflow-wrap: anywhere; }
.key svg { width: 18px; height: 12px; overflow: visible; }
.curve.other { stroke-width: 1; stroke-opacity: .45; }
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
`;
