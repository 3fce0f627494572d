/** `npm run large`: trains one sampled epoch on a graph of 10^7 edges and fails if it takes more memory beyond the graph than it may. */

import { SingleBar } from "cli-progress";
import { Command, InvalidArgumentError } from "commander";
import { type LargeGraphReport, type LargeGraphSettings, measure } from "./measure.ts";

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

interface Arguments {
  readonly nodes: number;
  readonly edges: number;
  readonly seed: number;
  readonly limit: number;
  readonly json?: true;
  readonly quiet?: true;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("Expected a whole number above 0.");
  return value;
}

function parse(argv: readonly string[]): Arguments {
  return new Command("large")
    .description("Trains two GATv2 layers for one sampled epoch on a random graph, and measures memory and time.")
    .option("--nodes <count>", "nodes of the graph", wholeNumber, 10 ** 6)
    .option("--edges <count>", "undirected edges of the graph", wholeNumber, 10 ** 7)
    .option("--seed <number>", "the seed of everything random", wholeNumber, 1)
    .option(
      "--limit <MiB>",
      "resident memory that may be taken beyond the graph",
      wholeNumber,
      (2 * gibibyte) / mebibyte,
    )
    .option("--json", "print the report as JSON")
    .option("--quiet", "no progress bar")
    .allowExcessArguments(false)
    .parse(argv, { from: "user" })
    .opts<Arguments>();
}

function withProgress(settings: LargeGraphSettings, { quiet }: Arguments): LargeGraphReport {
  if (quiet || !process.stderr.isTTY) return measure(settings, () => {});
  const bar = new SingleBar({
    format:
      "sampled epoch {bar} batch {value} of {total}, loss {loss}, {memory} MiB beyond the graph, {eta_formatted} left",
    hideCursor: true,
    stream: process.stderr,
    clearOnComplete: true,
  });
  process.stderr.write(`building a graph of ${settings.nodes} nodes and ${settings.edges} edges\n`);
  bar.start(Math.ceil(settings.nodes / settings.batchSize), 0, { loss: "", memory: "" });
  try {
    return measure(settings, ({ batch, loss, beyondGraphBytes }) => {
      bar.update(batch, { loss: loss.toFixed(3), memory: inMebibytes(beyondGraphBytes) });
      // The loop never waits, so the bar cannot draw itself.
      bar.render();
    });
  } finally {
    bar.stop();
  }
}

function inMebibytes(bytes: number): string {
  return (bytes / mebibyte).toFixed(0);
}

function describe(report: LargeGraphReport, limit: number): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return [
    `graph          ${report.nodes} nodes, ${report.messages} messages, built in ${report.buildSeconds.toFixed(1)} s`,
    `its arrays     ${inMebibytes(report.graphBytes)} MiB, with features and labels`,
    `process        ${inMebibytes(report.builtBytes)} MiB when built, at most ${inMebibytes(report.peakBytes)} MiB in the epoch`,
    `beyond graph   ${inMebibytes(report.beyondGraphBytes)} MiB, may be ${limit} MiB`,
    `epoch          ${report.batches} batches in ${report.epochSeconds.toFixed(1)} s`,
    `sampled edges  ${report.sampledEdges}, ${Math.round(report.sampledEdgesPerSecond)} a second`,
    `loss           ${report.loss.map((loss) => loss.toFixed(3)).join(" to ")}`,
    `accuracy       ${report.accuracy.map(percent).join(" to ")}`,
    "",
  ].join("\n");
}

const args = parse(process.argv.slice(2));
const { nodes, edges, seed, limit } = args;
const report = withProgress(
  { nodes, edges, width: 32, classes: 8, hidden: 32, fanOut: [10, 10], batchSize: 1024, seed },
  args,
);
process.stdout.write(args.json ? `${JSON.stringify(report, undefined, 2)}\n` : describe(report, limit));
if (report.beyondGraphBytes > limit * mebibyte) {
  process.stderr.write(`The epoch took more than ${limit} MiB of resident memory beyond the graph.\n`);
  process.exitCode = 1;
}
