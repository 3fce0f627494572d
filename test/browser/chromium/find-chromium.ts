import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];

/** Where programs lie that are on no search path. */
const places = [
  "/usr/bin",
  "/snap/bin",
  "/Applications/Chromium.app/Contents/MacOS",
  "/Applications/Google Chrome.app/Contents/MacOS",
];

/** The Chromium to test in: the one that `VICINAL_CHROMIUM` names, else the first of the search path and the usual places. */
export function findChromium(): string | undefined {
  const named = process.env["VICINAL_CHROMIUM"];
  if (named !== undefined && named !== "") {
    if (runs(named)) return named;
    throw new Error(
      `VICINAL_CHROMIUM names ${named}, which is no program that can be run. Name one, or leave it unset.`,
    );
  }
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...places];
  const candidates = folders.flatMap((folder) =>
    [...names, "Chromium", "Google Chrome"].map((name) => join(folder, name)),
  );
  return candidates.find(runs);
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
