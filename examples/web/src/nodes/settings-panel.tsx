import { NumberField, SelectField } from "../page/fields.tsx";
import type { LayerChoice, TrainingChoices } from "./protocol.ts";
import type { NodesStore } from "./store.ts";
import { structuralFeatures } from "./structural-features.ts";

const layers: readonly { readonly value: LayerChoice; readonly text: string }[] = [
  { value: "gat", text: "GAT" },
  { value: "gatv2", text: "GATv2" },
  { value: "transformer", text: "Graph transformer" },
];

/** What to learn, and with which network. */
export function SettingsPanel({ store }: { readonly store: NodesStore }) {
  const opened = store.opened.value;
  const choices = store.choices.value;
  const isFixed = !store.allows("train");
  const change = (changed: Partial<TrainingChoices>) => {
    store.choices.value = { ...store.choices.peek(), ...changed };
  };
  const attributes = opened?.attributes ?? [];
  const labels = attributes.filter(({ canBeLabel }) => canBeLabel);
  const features = [
    ...attributes
      .filter(({ name, canBeFeature }) => canBeFeature && name !== choices.label)
      .map(({ name }) => ({ name, title: name })),
    ...structuralFeatures.map(({ attribute, title }) => ({ name: attribute, title })),
  ];
  const toggle = (name: string, isOn: boolean) =>
    change({ features: isOn ? [...choices.features, name] : choices.features.filter((each) => each !== name) });
  return (
    <section class="panel" aria-labelledby="settings-title">
      <h2 id="settings-title">Network</h2>
      <SelectField
        label="Attribute to predict"
        value={choices.label}
        disabled={isFixed || labels.length === 0}
        options={labels.map(({ name, distinct }) => ({ value: name, text: `${name} (${distinct} labels)` }))}
        onChange={(label) => change({ label, features: choices.features.filter((name) => name !== label) })}
      />
      <fieldset disabled={isFixed}>
        <legend>Learn from</legend>
        <div class="checks">
          {features.map(({ name, title }) => (
            <label key={name} class="check">
              <input
                type="checkbox"
                checked={choices.features.includes(name)}
                onChange={({ currentTarget }) => toggle(name, currentTarget.checked)}
              />
              <span>{title}</span>
            </label>
          ))}
        </div>
        {choices.features.length === 0 && (
          <p class="hint">
            With nothing chosen each node is learned by itself: the network then knows no other graph, and cannot be
            saved.
          </p>
        )}
      </fieldset>
      <div class="fields">
        <SelectField
          label="Layer"
          value={choices.layer}
          disabled={isFixed}
          options={layers}
          onChange={(layer) => change({ layer })}
        />
        <NumberField
          label="Heads"
          value={choices.heads}
          min={1}
          max={16}
          disabled={isFixed}
          onChange={(heads) => change({ heads })}
        />
        <NumberField
          label="Hidden, per head"
          value={choices.hiddenPerHead}
          min={1}
          max={64}
          disabled={isFixed}
          onChange={(hiddenPerHead) => change({ hiddenPerHead })}
        />
        <NumberField
          label="Epochs"
          value={choices.epochs}
          min={1}
          max={2000}
          disabled={isFixed}
          onChange={(epochs) => change({ epochs })}
        />
        <NumberField
          label="Seed"
          value={choices.seed}
          min={0}
          max={999_999}
          disabled={isFixed}
          onChange={(seed) => change({ seed })}
        />
      </div>
    </section>
  );
}
