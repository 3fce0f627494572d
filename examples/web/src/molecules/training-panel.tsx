import { useEffect, useId, useState } from "preact/hooks";
import { NumberField, SelectField } from "../page/fields.tsx";
import { FileDrop } from "../page/file-drop.tsx";
import { LossCurve } from "../page/loss-curve.tsx";
import { Notice } from "../page/notice.tsx";
import { countInWords, numberInWords, scoreName } from "./in-words.ts";
import { isTraining, type MoleculesState, type OpenedTable } from "./page-state.ts";
import type { NetworkName, TrainingSettings, TrainingSource } from "./protocol.ts";
import { unitOfColumn } from "./table/unit-of-column.ts";
import type { MoleculeConnection } from "./worker-connection.ts";

/** Small networks, so that a result stands within seconds. */
const firstSettings: TrainingSettings = { network: "attentive-fp", hidden: 32, networks: 3, epochs: 20, seed: 0 };

const networks: readonly { readonly value: NetworkName; readonly text: string }[] = [
  { value: "attentive-fp", text: "AttentiveFP" },
  { value: "gatv2", text: "GATv2" },
  { value: "gat", text: "GAT" },
  { value: "transformer", text: "Graph transformer" },
];

const widths = ["16", "32", "64"].map((value) => ({ value, text: value }));

/** What is learned from and how, the buttons that begin and end it, and its curves. */
export function TrainingPanel({ state, act, ask }: MoleculeConnection) {
  const id = useId();
  const [settings, setSettings] = useState(firstSettings);
  const [usesTable, setUsesTable] = useState(false);
  const [columns, setColumns] = useState({ smiles: "", target: "", unit: "" });
  const { table, phase, problems } = state;
  const isBusy = isTraining(state) || ["starting", "loading", "broken"].includes(phase);

  useEffect(() => {
    if (table === undefined) return;
    const { smiles = table.columns[0] ?? "", target = table.columns.at(-1) ?? "" } = table.guess;
    setColumns({ smiles, target, unit: unitOfColumn(target) });
    setUsesTable(true);
  }, [table]);

  const openTable = async ([file]: readonly File[]) => {
    if (file !== undefined) ask({ kind: "table", name: file.name, text: await file.text() });
  };
  const train = () => {
    const { smiles, target, unit } = columns;
    const source: TrainingSource =
      usesTable && table !== undefined
        ? { kind: "table", columns: { smiles, target }, unit: unit.trim() }
        : { kind: "embedded" };
    act({ kind: "ask-to-train" });
    ask({ kind: "train", source, settings });
  };

  return (
    <section class="panel" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>Train</h2>
      <fieldset disabled={isBusy}>
        <legend>Learn from</legend>
        <label class="choice">
          <input type="radio" name={`${id}-source`} checked={!usesTable} onChange={() => setUsesTable(false)} />
          <span>
            {state.compounds === 0 ? "Well-known" : state.compounds} compounds that come with the page
            <span class="hint">
              The target is openchemlib’s <em>computed</em> logP (octanol/water): a sum over kinds of atoms that a
              network has to find out. Nobody measured it.
            </span>
          </span>
        </label>
        <label class="choice">
          <input
            type="radio"
            name={`${id}-source`}
            checked={usesTable}
            disabled={table === undefined}
            onChange={() => setUsesTable(true)}
          />
          <span>
            {table === undefined ? "A table of your own" : `${table.name}, ${table.rows.toLocaleString("en")} rows`}
            <span class="hint">CSV with a column of SMILES and one with numbers, or with 0 and 1 for no and yes.</span>
          </span>
        </label>
      </fieldset>
      <FileDrop
        label="Open a CSV"
        hint="or drop it here; it stays in this page"
        endings={[".csv", ".tsv", ".txt"]}
        mostBytes={20e6}
        disabled={isBusy}
        onFiles={(files) => void openTable(files)}
        onRefused={(sentence) => act({ kind: "refuse", doing: "table", sentence })}
      />
      {problems.table !== undefined && (
        <Notice kind="error" onClose={() => act({ kind: "dismiss", doing: "table" })}>
          {problems.table}
        </Notice>
      )}
      {usesTable && table !== undefined && (
        <TableFields table={table} disabled={isBusy} columns={columns} onColumns={setColumns} />
      )}
      <NetworkSettings settings={settings} disabled={isBusy} onSettings={setSettings} />
      <TrainingButtons state={state} act={act} ask={ask} onTrain={train} isBusy={isBusy} />
      {problems.train !== undefined && (
        <Notice kind="error" onClose={() => act({ kind: "dismiss", doing: "train" })}>
          {problems.train}
        </Notice>
      )}
      <TrainingCurves state={state} />
    </section>
  );
}

interface NetworkSettingsProps {
  readonly settings: TrainingSettings;
  readonly disabled: boolean;
  readonly onSettings: (settings: TrainingSettings) => void;
}

function NetworkSettings({ settings, disabled, onSettings }: NetworkSettingsProps) {
  const change = (changed: Partial<TrainingSettings>) => onSettings({ ...settings, ...changed });
  const name = networks.find(({ value }) => value === settings.network)?.text;
  return (
    <details class="settings">
      <summary>
        {name}, {settings.hidden} wide, {countInWords(settings.networks, "network")},{" "}
        {countInWords(settings.epochs, "epoch")}
      </summary>
      <div class="fields">
        <SelectField
          label="Network"
          value={settings.network}
          options={networks}
          disabled={disabled}
          onChange={(network) => change({ network })}
        />
        <SelectField
          label="Hidden size"
          value={String(settings.hidden)}
          options={widths}
          disabled={disabled}
          onChange={(hidden) => change({ hidden: Number(hidden) })}
        />
        <NumberField
          label="Networks"
          value={settings.networks}
          min={1}
          max={5}
          disabled={disabled}
          onChange={(count) => change({ networks: count })}
        />
        <NumberField
          label="Epochs"
          value={settings.epochs}
          min={1}
          max={500}
          disabled={disabled}
          onChange={(epochs) => change({ epochs })}
        />
        <NumberField
          label="Seed"
          value={settings.seed}
          min={0}
          max={99_999}
          disabled={disabled}
          onChange={(seed) => change({ seed })}
        />
      </div>
      <p class="hint">
        {settings.networks === 1
          ? "One network gives no uncertainty; two or more do."
          : "Predictions are the mean over the networks; ± says how far they are apart, not how wrong they are together."}
      </p>
    </details>
  );
}

interface TableFieldsProps {
  readonly table: OpenedTable;
  readonly disabled: boolean;
  readonly columns: { readonly smiles: string; readonly target: string; readonly unit: string };
  readonly onColumns: (columns: TableFieldsProps["columns"]) => void;
}

function TableFields({ table, disabled, columns, onColumns }: TableFieldsProps) {
  const id = useId();
  const options = table.columns.map((column) => ({
    value: column,
    text: column === "" ? "(no name)" : column.slice(0, 60),
  }));
  return (
    <div class="fields">
      <SelectField
        label="SMILES column"
        value={columns.smiles}
        options={options}
        disabled={disabled}
        onChange={(smiles) => onColumns({ ...columns, smiles })}
      />
      <SelectField
        label="Target column"
        value={columns.target}
        options={options}
        disabled={disabled}
        onChange={(target) => onColumns({ ...columns, target, unit: unitOfColumn(target) })}
      />
      <div class="field">
        <label for={id}>Unit</label>
        <input
          id={id}
          type="text"
          maxLength={24}
          placeholder="none"
          disabled={disabled}
          value={columns.unit}
          onInput={({ currentTarget }) => onColumns({ ...columns, unit: currentTarget.value })}
        />
      </div>
    </div>
  );
}

interface TrainingButtonsProps extends MoleculeConnection {
  readonly isBusy: boolean;
  readonly onTrain: () => void;
}

function TrainingButtons({ state, act, ask, isBusy, onTrain }: TrainingButtonsProps) {
  const { phase } = state;
  const isPaused = phase === "paused" || phase === "pausing";
  return (
    <div class="row">
      <button type="button" class="primary" disabled={isBusy} onClick={onTrain}>
        Train
      </button>
      <button
        type="button"
        disabled={phase !== "training" && !isPaused}
        onClick={() => {
          act({ kind: isPaused ? "ask-to-resume" : "ask-to-pause" });
          ask({ kind: isPaused ? "resume" : "pause" });
        }}
      >
        {isPaused ? "Resume" : "Pause"}
      </button>
      <button
        type="button"
        disabled={!isTraining(state) || phase === "stopping"}
        onClick={() => {
          act({ kind: "ask-to-stop" });
          ask({ kind: "stop" });
        }}
      >
        Stop
      </button>
    </div>
  );
}

function TrainingCurves({ state }: { readonly state: MoleculesState }) {
  const { curve, facts } = state;
  const last = curve.at(-1);
  if (facts === undefined || last === undefined) return null;
  const epochs = curve.map(({ epoch }) => epoch);
  const score = scoreName(facts.task);
  const validates = last.validationLoss !== undefined;
  return (
    <div class="curves">
      <p class="epochs">
        <progress max={last.epochs} value={last.epoch} aria-label="Epochs done" /> Epoch {last.epoch} of {last.epochs},{" "}
        {last.seconds.toFixed(1)} s
        {last.validationScore !== undefined &&
          `, validation ${score} ${numberInWords(last.validationScore)}${facts.unit && ` ${facts.unit}`}`}
      </p>
      <LossCurve
        title="Loss"
        epochs={epochs}
        curves={[
          { name: "training", color: "--curve-1", values: curve.map(({ loss }) => loss) },
          ...(validates
            ? ([
                {
                  name: "validation",
                  color: "--curve-2",
                  values: curve.map(({ validationLoss }) => validationLoss ?? null),
                },
              ] as const)
            : []),
        ]}
      />
      {validates && (
        <LossCurve
          title={`Validation ${score}${facts.unit && ` in ${facts.unit}`}`}
          epochs={epochs}
          curves={[
            { name: score, color: "--curve-3", values: curve.map(({ validationScore }) => validationScore ?? null) },
          ]}
          unit={facts.task === "multi-task" ? "share" : "number"}
        />
      )}
    </div>
  );
}
