import { useComputed } from "@preact/signals";
import { type Curve, LossCurve } from "../page/loss-curve.tsx";
import { LiveStatus } from "../page/notice.tsx";
import type { EpochPoint } from "./protocol.ts";
import type { NodesStore } from "./store.ts";

/** Training as it goes: what it is at, how well it does, and how to hold it. */
export function TrainingPanel({ store }: { readonly store: NodesStore }) {
  const charts = useComputed(() => chartsOf(store.points.value));
  const { epochs, losses, accuracies } = charts.value;
  const phase = store.phase.value;
  const canTrain =
    store.allows("train") && (store.opened.value?.attributes.some(({ canBeLabel }) => canBeLabel) ?? false);
  return (
    <section class="panel training" aria-labelledby="training-title">
      <div class="row spread">
        <h2 id="training-title">Training</h2>
        <div class="row">
          {phase === "paused" ? (
            <button type="button" class="primary" onClick={() => store.ask({ kind: "resume" })}>
              Resume
            </button>
          ) : phase === "training" || phase === "pausing" ? (
            <button
              type="button"
              class="primary"
              disabled={phase !== "training"}
              onClick={() => store.ask({ kind: "pause" })}
            >
              Pause
            </button>
          ) : (
            <button type="button" class="primary" disabled={!canTrain} onClick={() => store.train()}>
              Train
            </button>
          )}
          <button type="button" disabled={!store.allows("stop")} onClick={() => store.ask({ kind: "stop" })}>
            Stop
          </button>
        </div>
      </div>
      <progress
        aria-label="Epochs done"
        max={Math.max(1, store.trainedChoices.value?.epochs ?? 1)}
        value={epochs.at(-1) ?? 0}
      />
      <LiveStatus>{store.status}</LiveStatus>
      <div class="curves">
        <LossCurve title="Loss" epochs={epochs} curves={losses} />
        <LossCurve title="Accuracy" unit="share" epochs={epochs} curves={accuracies} />
      </div>
    </section>
  );
}

interface Charts {
  readonly epochs: readonly number[];
  readonly losses: readonly Curve[];
  readonly accuracies: readonly Curve[];
}

function chartsOf(points: readonly EpochPoint[]): Charts {
  const curve = (name: string, color: Curve["color"], value: (point: EpochPoint) => number | null): Curve[] => {
    const values = points.map(value);
    return values.length > 0 && values.every((each) => each === null) ? [] : [{ name, color, values }];
  };
  return {
    epochs: points.map(({ epoch }) => epoch),
    losses: [
      ...curve("known labels", "--curve-1", ({ loss }) => loss),
      ...curve("held out", "--curve-2", ({ validationLoss }) => validationLoss),
    ],
    accuracies: [
      ...curve("known labels", "--curve-1", ({ trainAccuracy }) => trainAccuracy),
      ...curve("held out", "--curve-2", ({ validationAccuracy }) => validationAccuracy),
      ...curve("hidden labels", "--curve-3", ({ testAccuracy }) => testAccuracy),
    ],
  };
}
