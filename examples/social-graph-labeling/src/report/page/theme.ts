/** The colours of the page that is being shown, light or dark, as `#rrggbb`. */
export interface Theme {
  readonly page: string;
  readonly ink: string;
  readonly edge: string;
}

/** Reads the colours from the style of the page, where they are named once. */
export function currentTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(name).trim();
  return { page: color("--surface"), ink: color("--ink"), edge: color("--edge") };
}

/** Calls back whenever the reader's preference changes between light and dark. */
export function onThemeChange(changed: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
}
