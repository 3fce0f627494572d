import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { styleValue } from "./theme.ts";

/** One line of a chart. */
export interface Curve {
  /** Such as `"training"`. */
  readonly name: string;
  /** One value for each of the chart's epochs; null where there is none. */
  readonly values: readonly (number | null)[];
  /** A custom property of the style, such as `"--curve-1"`. */
  readonly color: `--${string}`;
}

export interface LossCurveProps {
  /** Such as `"Loss"`. */
  readonly title: string;
  readonly epochs: readonly number[];
  readonly curves: readonly Curve[];
  /** `"share"` for values from 0 to 1 that are shown in percent. Default `"number"`. */
  readonly unit?: "number" | "share";
}

const height = 140;
/** More often than this a chart is not drawn, however often it is given new values. In milliseconds. */
const drawnEvery = 150;

/** What was measured epoch by epoch, drawn as it grows. The last values stand below it as text. */
export function LossCurve(props: LossCurveProps) {
  const { title, epochs, curves, unit = "number" } = props;
  const latest = curves.map(({ name, values }) => `${name} ${inWords(values.at(-1) ?? null, unit)}`);
  return (
    <figure class="curve">
      <figcaption>{title}</figcaption>
      <Plot key={JSON.stringify([unit, curves.map(({ name, color }) => [name, color])])} {...props} />
      <p class="curve-legend">
        {epochs.length === 0
          ? "Nothing measured yet."
          : curves.map(({ name, color }, c) => (
              <span key={name}>
                <span class="swatch" style={{ background: `var(${color})` }} /> {latest[c]}
              </span>
            ))}
      </p>
    </figure>
  );
}

function Plot({ title, epochs, curves, unit = "number" }: LossCurveProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | undefined>(undefined);
  const latest = useRef<UPlot.AlignedData>([[]]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  useEffect(() => {
    const container = place.current;
    if (container === null) return;
    const stop = effect(() => {
      plot.current?.destroy();
      plot.current = new UPlot(optionsFor(container.clientWidth, curves, unit), latest.current, container);
    });
    const observer = new ResizeObserver(() => plot.current?.setSize({ width: container.clientWidth, height }));
    observer.observe(container);
    return () => {
      stop();
      observer.disconnect();
      clearTimeout(timer.current);
      plot.current?.destroy();
    };
  }, []);

  useEffect(() => {
    latest.current = [[...epochs], ...curves.map(({ values }) => [...values])];
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      plot.current?.setData(latest.current);
    }, drawnEvery);
  }, [epochs, curves]);

  return <div ref={place} class="curve-plot" role="img" aria-label={`${title} by epoch`} />;
}

function optionsFor(width: number, curves: readonly Curve[], unit: "number" | "share"): UPlot.Options {
  const [ink, grid] = [styleValue("--ink-soft"), styleValue("--line")];
  const axis: UPlot.Axis = {
    stroke: ink,
    font: "11px system-ui, sans-serif",
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: grid, width: 1, size: 4 },
  };
  return {
    width,
    height,
    cursor: { show: false },
    legend: { show: false },
    padding: [8, 8, 0, 0],
    scales: {
      x: { time: false },
      y: unit === "share" ? { range: [0, 1.02] } : { range: (_plot, _low, high) => [0, high > 0 ? high * 1.05 : 1] },
    },
    axes: [
      { ...axis, size: 26, space: 36, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] },
      {
        ...axis,
        size: 44,
        space: 30,
        ...(unit === "share" && {
          values: (_plot: UPlot, splits: number[]) => splits.map((split) => `${Math.round(100 * split)} %`),
        }),
      },
    ],
    series: [
      {},
      ...curves.map(({ name, color }) => ({
        label: name,
        stroke: styleValue(color),
        width: 2,
        points: { show: false },
        spanGaps: true,
      })),
    ],
  };
}

/** A value as text: in percent, or with three digits. */
function inWords(value: number | null, unit: "number" | "share"): string {
  if (value === null) return "not measured";
  return unit === "share" ? `${(100 * value).toFixed(1)} %` : value.toPrecision(3);
}
