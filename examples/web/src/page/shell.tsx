import type { ComponentType } from "preact";
import { NodesTab } from "../nodes/nodes-tab.tsx";
import { Later } from "./later.tsx";
import { type TabContent, Tabs } from "./tabs.tsx";
import { isDark, toggleTheme } from "./theme.ts";

const moleculesModules = import.meta.glob<{ MoleculesTab: ComponentType }>("../molecules/molecules-tab.tsx");
const loadMolecules = Object.values(moleculesModules)[0];

const tabs: readonly TabContent[] = [
  { name: "nodes", title: "Label nodes", panel: () => <NodesTab /> },
  ...(loadMolecules === undefined
    ? []
    : [
        {
          name: "molecules",
          title: "Molecules",
          panel: () => <Later load={async () => (await loadMolecules()).MoleculesTab} />,
        },
      ]),
];

/** The page around what it does: its title, the tabs, and what becomes of the reader's data. */
export function Shell() {
  return (
    <div class="shell">
      <header>
        <div class="brand">
          <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
            <path class="mark-edge" d="M16 16 6 7 M16 16 9 27" />
            <path class="mark-attended" d="M16 16 27 9" />
            <circle class="mark-center" cx="16" cy="16" r="6" />
            <circle class="mark-a" cx="6" cy="7" r="3.5" />
            <circle class="mark-b" cx="27" cy="9" r="4" />
            <circle class="mark-c" cx="9" cy="27" r="3.5" />
          </svg>
          <div>
            <h1>Vicinal</h1>
            <p class="tagline">Watch attention learn on your graph, in this page.</p>
          </div>
        </div>
        <button type="button" class="quiet" aria-pressed={isDark.value} onClick={toggleTheme}>
          {isDark.value ? "Light" : "Dark"}
          <span class="visually-hidden"> colours</span>
        </button>
      </header>
      <main>
        <Tabs label="What to learn" tabs={tabs} />
      </main>
      <footer>
        <p>
          <strong>Nothing leaves the page.</strong> Files are read, and networks trained, by your own browser: there is
          no server to send anything to.
        </p>
      </footer>
    </div>
  );
}
