import { rounded } from "@vicinal/example-report";
import type { EpochRecord, FitResult } from "@vicinal/graph";
import { scaleLinear, scaleLog } from "d3-scale";
import type { ElementContent } from "hast";
import { h, s } from "hastscript";

interface Line {
  /** Class of the style. */
  readonly style: string;
  readonly points: readonly (readonly [epoch: number, value: number])[];
}

const size = { width: 440, height: 420, left: 54, right: 18, top: 12, bottom: 46 };

/** The loss of every network over the epochs, on a logarithmic scale, and the epochs whose weights were kept. */
export function trainingCurve(members: readonly FitResult[]): ElementContent {
  const lines = (style: string, value: (record: EpochRecord) => number | undefined): Line[] =>
    members.map(({ history }, member) => ({
      style: `${style}${member === 0 ? "" : " other"}`,
      points: history.flatMap((record): [number, number][] => {
        const y = value(record);
        return y === undefined || !Number.isFinite(y) || y <= 0 ? [] : [[record.epoch, y]];
      }),
    }));
  const training = lines("first", ({ loss }) => loss);
  const validation = lines("second", ({ validationLoss }) => validationLoss);
  const all = [...training, ...validation].filter(({ points }) => points.length > 0);
  const values = all.flatMap(({ points }) => points.map(([, value]) => value));
  const lastEpoch = Math.max(...members.map(({ history }) => history.length), 2);
  const x = scaleLinear()
    .domain([1, lastEpoch])
    .range([size.left, size.width - size.right]);
  const [least, most] = [Math.min(...values, 1), Math.max(...values, 1e-3)];
  const y = scaleLog()
    .domain([least * 0.9, most * 1.1])
    .range([size.height - size.bottom, size.top]);
  const ticks = logarithmicTicks(least * 0.9, most * 1.1);
  const bestEpochs = [...new Set(members.map(({ bestEpoch }) => bestEpoch))];
  const key = (style: string, text: string) =>
    h("span.key", [
      s(
        "svg",
        { ariaHidden: "true", viewBox: "0 0 18 12" },
        s("line", { className: style, x1: 0, x2: 18, y1: 6, y2: 6 }),
      ),
      text,
    ]);
  return h("figure.panel", [
    h("figcaption", [
      h("strong", "Loss"),
      key("curve first", "training, with dropout"),
      ...(validation.some(({ points }) => points.length > 0) ? [key("curve second", "validation")] : []),
      key("best", `kept: epoch ${bestEpochs.join(", ")}`),
    ]),
    s(
      "svg.chart",
      { viewBox: `0 0 ${size.width} ${size.height}`, role: "img", ariaLabel: inWords(training[0], validation[0]) },
      [
        ...ticks.flatMap((tick) => [
          s("line.grid", { x1: size.left, x2: size.width - size.right, y1: rounded(y(tick)), y2: rounded(y(tick)) }),
          s("text.tick.end", { x: size.left - 8, y: rounded(y(tick)) }, String(tick)),
        ]),
        ...x
          .ticks(6)
          .filter(Number.isInteger)
          .map((tick) =>
            s("text.tick.middle", { x: rounded(x(tick)), y: size.height - size.bottom + 16 }, String(tick)),
          ),
        s("text.tick.middle", { x: (size.left + size.width - size.right) / 2, y: size.height - 8 }, "epoch"),
        ...bestEpochs.map((epoch) =>
          s("line.best", { x1: rounded(x(epoch)), x2: rounded(x(epoch)), y1: size.top, y2: size.height - size.bottom }),
        ),
        // Those of the first network are drawn last, on top.
        ...all.reverse().map(({ style, points }) =>
          s("polyline", {
            className: `curve ${style}`,
            points: points.map(([epoch, value]) => `${rounded(x(epoch))},${rounded(y(value))}`).join(" "),
          }),
        ),
      ],
    ),
  ]);
}

/** 1, 2 and 5 times powers of ten; all digits where these would be too few. */
function logarithmicTicks(low: number, high: number): number[] {
  const powers = Array.from({ length: 13 }, (_, k) => 10 ** (k - 8));
  const ticksOf = (digits: readonly number[]) =>
    powers
      .flatMap((power) => digits.map((digit) => Number((digit * power).toPrecision(1))))
      .filter((tick) => tick >= low && tick <= high);
  const few = ticksOf([1, 2, 5]);
  return few.length > 2 ? few : ticksOf([1, 2, 3, 4, 5, 6, 7, 8, 9]);
}

function inWords(...lines: readonly (Line | undefined)[]): string {
  const course = ["training", "validation"].flatMap((name, k) => {
    const points = lines[k]?.points ?? [];
    const [first, last] = [points[0], points.at(-1)];
    return first === undefined || last === undefined
      ? []
      : `${name} from ${first[1].toPrecision(3)} to ${last[1].toPrecision(3)}`;
  });
  return `Loss of the first network over ${lines[0]?.points.length ?? 0} epochs: ${course.join(", ")}`;
}
