import { computed, effect, signal } from "@preact/signals";

/** What was chosen: one of the two, or what the device prefers. */
export type ThemeChoice = "device" | "light" | "dark";

const storageKey = "vicinal-theme";
const device = window.matchMedia("(prefers-color-scheme: dark)");
const deviceIsDark = signal(device.matches);
device.addEventListener("change", ({ matches }) => {
  deviceIsDark.value = matches;
});

/** Kept from visit to visit where the browser lets a page keep anything. */
const themeChoice = signal<ThemeChoice>(storedChoice());

/** Whether the page is dark now: drawings that CSS does not reach look here. */
export const isDark = computed(() =>
  themeChoice.value === "device" ? deviceIsDark.value : themeChoice.value === "dark",
);

effect(() => {
  document.documentElement.dataset["theme"] = isDark.value ? "dark" : "light";
});

/** Changes between light and dark; back at what the device prefers, the page follows the device again. */
export function toggleTheme(): void {
  const next = isDark.value ? "light" : "dark";
  themeChoice.value = (next === "dark") === deviceIsDark.value ? "device" : next;
  try {
    localStorage.setItem(storageKey, themeChoice.value);
  } catch {
    // A page that may keep nothing forgets the choice.
  }
}

/** The value of a custom property of the page's style, such as `--line`, in the present theme. */
export function styleValue(name: `--${string}`): string {
  // Read here, so that effects that use it run again when the theme changes.
  void isDark.value;
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function storedChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(storageKey);
    return stored === "light" || stored === "dark" ? stored : "device";
  } catch {
    return "device";
  }
}
