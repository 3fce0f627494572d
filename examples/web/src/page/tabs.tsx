import type { ComponentChildren } from "preact";
import { useId, useRef, useState } from "preact/hooks";

/** One tab with what it shows. */
export interface TabContent {
  /** Stands in the address after `#`. */
  readonly name: string;
  readonly title: string;
  readonly panel: () => ComponentChildren;
}

/**
 * Tabs as the WAI-ARIA pattern has them: arrows go from one to the next. A panel is made when its tab is first chosen and stays, so that what it is doing
 * goes on.
 */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly TabContent[] }) {
  const id = useId();
  const asked = tabs.findIndex(({ name }) => `#${name}` === location.hash);
  const [chosen, setChosen] = useState(Math.max(0, asked));
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set([chosen]));
  const buttons = useRef<(HTMLButtonElement | null)[]>([]);

  const choose = (index: number) => {
    setChosen(index);
    setOpened(new Set([...opened, index]));
    history.replaceState(null, "", `#${tabs[index]?.name}`);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = tabs.length - 1;
    const next = new Map([
      ["ArrowRight", chosen === last ? 0 : chosen + 1],
      ["ArrowLeft", chosen === 0 ? last : chosen - 1],
      ["Home", 0],
      ["End", last],
    ]).get(event.key);
    if (next === undefined) return;
    event.preventDefault();
    choose(next);
    buttons.current[next]?.focus();
  };

  return (
    <>
      <div class="tabs" role="tablist" aria-label={label}>
        {tabs.map(({ name, title }, index) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-tab-${name}`}
            aria-selected={index === chosen}
            aria-controls={`${id}-panel-${name}`}
            tabIndex={index === chosen ? 0 : -1}
            ref={(element) => {
              buttons.current[index] = element;
            }}
            onClick={() => choose(index)}
            onKeyDown={onKeyDown}
          >
            {title}
          </button>
        ))}
      </div>
      {tabs.map(({ name, panel }, index) => (
        <section
          key={name}
          role="tabpanel"
          id={`${id}-panel-${name}`}
          aria-labelledby={`${id}-tab-${name}`}
          hidden={index !== chosen}
        >
          {opened.has(index) && panel()}
        </section>
      ))}
    </>
  );
}
