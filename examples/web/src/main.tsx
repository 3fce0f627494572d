import { render } from "preact";
import "./page/page.css";
import { Shell } from "./page/shell.tsx";

// A file that is dropped beside the places for files would take the page's place.
for (const event of ["dragover", "drop"]) window.addEventListener(event, (dropped) => dropped.preventDefault());

const root = document.getElementById("page");
if (root !== null) render(<Shell />, root);
