import { rounded } from "@vicinal/example-report";
import type { EpochRecord } from "@vicinal/graph";
import { scaleLinear } from "d3-scale";
import type { ElementContent } from "hast";
import { h, s } from "hastscript";

interface Line {
  readonly name: string;
  /** Class of the style. */
  readonly style: "first" | "second";
  readonly points: readonly (readonly [epoch: number, value: number])[];
}

const size = { width: 440, height: 240, left: 46, right: 22, top: 14, bottom: 44 };

/** The loss, and beside it the metric that decided which epoch was best, over the epochs. */
export function trainingCurve(history: readonly EpochRecord[], bestEpoch: number, metric: string): ElementContent[] {
  const line = (name: string, style: Line["style"], value: (record: EpochRecord) => number | undefined): Line => ({
    name,
    style,
    points: history.flatMap((record): [number, number][] => {
      const y = value(record);
      return y === undefined || !Number.isFinite(y) ? [] : [[record.epoch, y]];
    }),
  });
  const losses = [
    line("training", "first", ({ loss }) => loss),
    line("validation", "second", ({ validationLoss }) => validationLoss),
  ];
  const metrics = [line("validation", "second", ({ validationMetric }) => validationMetric)];
  return [
    panel("Loss", losses, bestEpoch),
    ...(metrics[0]!.points.length > 0 ? [panel(metric, metrics, bestEpoch)] : []),
  ];
}

function panel(title: string, all: readonly Line[], bestEpoch: number): ElementContent {
  const lines = all.filter(({ points }) => points.length > 0);
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value));
  const lastEpoch = Math.max(...lines.flatMap(({ points }) => points.map(([epoch]) => epoch)), 2);
  const highest = values.reduce((most, value) => Math.max(most, value), 0);
  const x = scaleLinear()
    .domain([1, lastEpoch])
    .range([size.left, size.width - size.right]);
  const y = scaleLinear()
    .domain([0, highest || 1])
    .nice(4)
    .range([size.height - size.bottom, size.top]);
  // Dropout makes long curves noise from edge to edge: their running mean is drawn on top.
  const window = Math.floor(lastEpoch / 40);
  const best = rounded(x(bestEpoch));
  const chart = s(
    "svg.chart",
    { viewBox: `0 0 ${size.width} ${size.height}`, role: "img", ariaLabel: inWords(title, lines) },
    [
      ...y
        .ticks(4)
        .flatMap((tick) => [
          s("line.grid", { x1: size.left, x2: size.width - size.right, y1: rounded(y(tick)), y2: rounded(y(tick)) }),
          s("text.tick.end", { x: size.left - 8, y: rounded(y(tick)) }, String(tick)),
        ]),
      ...x
        .ticks(5)
        .filter(Number.isInteger)
        .map((tick) => s("text.tick.middle", { x: rounded(x(tick)), y: size.height - 28 }, String(tick))),
      s("text.tick.end", { x: size.width - size.right, y: size.height - 10 }, "epoch"),
      s("line.best", { x1: best, x2: best, y1: size.top, y2: size.height - size.bottom }),
      ...lines.flatMap(({ style, points }) => {
        const drawn = (shown: Line["points"], className: string) =>
          s("polyline", {
            className,
            points: shown.map(([epoch, value]) => `${rounded(x(epoch))},${rounded(y(value))}`).join(" "),
          });
        if (window < 2) return [drawn(points, `curve ${style}`)];
        return [drawn(points, `curve ${style} noisy`), drawn(runningMean(points, window), `curve ${style}`)];
      }),
    ],
  );
  const key = lines.map(({ name, style }) =>
    h("span.key", [
      h("span", { className: `swatch ${style}` }),
      window < 2 ? name : `${name}, mean of ${window} epochs`,
    ]),
  );
  return h("figure.panel", [
    h("figcaption", [h("strong", title), ...key, h("span.key", [h("span.swatch.dashed"), `kept: epoch ${bestEpoch}`])]),
    chart,
  ]);
}

/** The mean of each point and the ones before it, `window` in all; fewer at the start. */
function runningMean(points: Line["points"], window: number): Line["points"] {
  let sum = 0;
  return points.map(([epoch, value], index) => {
    sum += value - (points[index - window]?.[1] ?? 0);
    return [epoch, sum / Math.min(index + 1, window)] as const;
  });
}

function inWords(title: string, lines: readonly Line[]): string {
  const course = lines.map(({ name, points }) => {
    const [first, last] = [points[0]!, points[points.length - 1]!];
    return `${name} from ${first[1].toPrecision(3)} to ${last[1].toPrecision(3)}`;
  });
  return `${title} over ${lines[0]?.points.length ?? 0} epochs: ${course.join(", ")}`;
}
