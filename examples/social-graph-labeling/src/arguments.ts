import { Command, Option } from "@commander-js/extra-typings";
import { datasetNames } from "@vicinal/datasets";
import { type ArgumentsOutput, namesBetweenCommas, wholeNumberFrom } from "@vicinal/example-terminal";

/** The data set that is taken when nothing is named: it is embedded, so that it needs no network. */
export const KARATE_CLUB = "karate-club";

/** What the command line says. Undefined is "not given": the choice is then left to `labelNodes`. */
export interface Arguments {
  /** A named data set; unused when `graph` is given. */
  readonly dataset: typeof KARATE_CLUB | (typeof datasetNames)[number];
  /** The user's own graph file, with `label`. */
  readonly graph?: string | undefined;
  readonly nodes?: string | undefined;
  readonly label?: string | undefined;
  readonly features?: readonly string[] | undefined;
  readonly weight?: string | undefined;
  readonly layer?: "gat" | "gatv2" | undefined;
  readonly heads?: number | undefined;
  readonly hidden?: number | undefined;
  readonly epochs?: number | undefined;
  readonly seed?: number | undefined;
  readonly out: string;
  readonly quiet: boolean;
}

const examples = `
Examples:
  $ npm start
  $ npm start -- --dataset github-social
  $ npm start -- --graph friends.gexf --label team
  $ npm start -- --graph follows.csv --nodes people.csv --label team --features age,city

Labels are known for the nodes that have the attribute; the others get one. An empty label is unknown.`;

/**
 * Reads a command line, without the names of the program.
 *
 * @param output Where the help text and usage errors go; standard output and standard error by default.
 * @throws CommanderError with `exitCode` 0 after `--help` was answered, and with another one for a usage error.
 */
export function parseArguments(argv: readonly string[], output: ArgumentsOutput = {}): Arguments {
  const command = new Command("social-graph-labeling")
    .description("Labels the nodes of a social graph with graph attention, and shows who attended to whom.")
    .exitOverride()
    .allowExcessArguments(false)
    .addOption(
      new Option("-d, --dataset <name>", "a data set; all but the default are read from VICINAL_DATA or downloaded")
        .choices([KARATE_CLUB, ...datasetNames])
        .default(KARATE_CLUB)
        .conflicts("graph"),
    )
    .option("-g, --graph <file>", "your own graph: .gexf, .graphml, graphology's .json, or a .csv of edges")
    .option("-n, --nodes <file>", "a .csv of node attributes that belongs to a .csv of edges")
    .option("-l, --label <attribute>", "the node attribute that holds the known labels of --graph")
    .option("-f, --features <names>", "node attributes of --graph to learn from: a,b,c", namesBetweenCommas)
    .option("-w, --weight <attribute>", "the edge attribute that holds the weight of an edge of --graph")
    .addOption(new Option("--layer <name>", "the layer that attends").choices(["gat", "gatv2"]))
    .option("--heads <count>", "heads of the hidden layers", wholeNumberFrom(1))
    .option("--hidden <width>", "width of the hidden layers, all heads together", wholeNumberFrom(1))
    .option("--epochs <count>", "the most passes over the labelled nodes", wholeNumberFrom(1))
    .option("--seed <number>", "everything random follows from it (default: 0)", wholeNumberFrom(0))
    .option("-o, --out <folder>", "where results are written", "output/social-graph-labeling")
    .option("-q, --quiet", "print nothing but the path of the picture", false)
    .addHelpText("after", examples);
  command.configureOutput(output);
  command.parse(argv, { from: "user" });
  const options = command.opts();
  for (const name of ["label", "nodes", "features", "weight"] as const) {
    if (options[name] !== undefined && options.graph === undefined) {
      command.error(`error: option '--${name}' belongs to '--graph': name the graph file too`);
    }
  }
  if (options.graph !== undefined && options.label === undefined) {
    command.error("error: option '--graph' needs '--label': name the node attribute that holds the known labels");
  }
  return options;
}
