import { Random, setThreads, threads } from "@vicinal/core";
import { graphFileEndings } from "@vicinal/example-graph-files";
import { isMissing } from "./attributes.ts";
import { type Answered, exportCsv, exportGexf } from "./exports.ts";
import { type ReadLabels, readLabels } from "./labels.ts";
import { networkFromFile, readModelFile, writeModelFile } from "./model-file.ts";
import { AnsweringNetwork, inputsOf, networkFor } from "./network.ts";
import { openCommunities, openedGraph, openFiles, openKarateClub, type WorkingGraph } from "./open-graph.ts";
import type { LabelsInUse, Report, Request, TrainingChoices, TrainingResult } from "./protocol.ts";
import { sentenceOf } from "./sentence.ts";
import { TrainingRun } from "./training-run.ts";

/** Sends a report to the page. */
export type Send = (report: Report) => void;

/** What is known between two requests. */
interface Present {
  readonly working: WorkingGraph;
  readonly edges: readonly string[];
  readonly answered?: Answered | undefined;
  readonly result?: TrainingResult | undefined;
}

/** What the worker of the page does: it holds the graph and the network, and answers the page's requests. It knows nothing of pages or workers. */
export class NodesSession {
  readonly #send: Send;
  #present: Present | undefined;
  #run: TrainingRun | undefined;
  #watched: { readonly node: number; readonly removedEdges: readonly number[] } | undefined;

  constructor(send: Send) {
    this.#send = send;
  }

  /** Does what is asked; what goes wrong is told as a sentence. */
  async handle(request: Request): Promise<void> {
    try {
      await this.#do(request);
    } catch (error) {
      this.#send({ kind: "failed", during: request.kind, message: sentenceOf(error) });
    }
  }

  async #do(request: Request): Promise<void> {
    switch (request.kind) {
      case "open-karate-club":
        return this.#open(openKarateClub());
      case "open-communities":
        return this.#open(openCommunities(request.seed));
      case "open-files":
        return this.#open(
          openFiles(
            await Promise.all(
              request.files.map(async (file) => ({
                name: file.name,
                content: new Uint8Array(await file.arrayBuffer()),
              })),
            ),
          ),
        );
      case "train":
        return this.#train(request.choices);
      case "pause":
        return this.#run?.pause();
      case "resume":
        if (this.#run === undefined) return;
        this.#send({ kind: "resumed" });
        return this.#run.resume();
      case "stop":
        return this.#run?.stop();
      case "inspect":
        this.#watched =
          request.node === undefined ? undefined : { node: request.node, removedEdges: request.removedEdges };
        return this.#inspect();
      case "export":
        return this.#export(request);
      case "open-model":
        return this.#openModel(request.file);
    }
  }

  #open(working: WorkingGraph): void {
    this.#run?.stop();
    this.#watched = undefined;
    this.#present = { working, edges: working.graph.edges() };
    this.#send({ kind: "opened", opened: openedGraph(working) });
  }

  async #train(choices: TrainingChoices): Promise<void> {
    const { working, edges } = this.#opened();
    if (this.#run !== undefined) return;
    leaveRoomForThePage();
    const { label, seed } = choices;
    const labels = readLabels(working.graph, { label, splitAttribute: working.splitAttribute, seed });
    const inputs = inputsOf(working.graph, choices.features);
    const random = new Random(seed);
    const network = new AnsweringNetwork(networkFor(inputs, labels.learned, choices, random), inputs, labels, edges);
    const present: Present = { working, edges, answered: { working, label, labels, network } };
    this.#present = present;
    this.#send({ kind: "began", labels: wireLabels(labels), threads: threads() });
    const run = new TrainingRun(network, labels, choices, {
      onProgress: (points, predictions) => {
        this.#send({ kind: "progress", points, predictions });
        if (predictions !== undefined)
          void this.handle({
            kind: "inspect",
            node: this.#watched?.node,
            removedEdges: this.#watched?.removedEdges ?? [],
          });
      },
      onPaused: (epoch) => this.#send({ kind: "paused", epoch }),
    });
    this.#run = run;
    try {
      const result = await run.train(random);
      // Another graph was opened meanwhile: what was learned of this one is of no use.
      if (this.#present !== present) return;
      this.#present = { ...present, result };
      this.#send({ kind: "finished", result, predictions: await network.predictions() });
    } catch (error) {
      if (this.#present === present) throw error;
    } finally {
      this.#run = undefined;
    }
    await this.#inspect();
  }

  async #inspect(): Promise<void> {
    const { answered, edges } = this.#opened();
    const watched = this.#watched;
    if (answered === undefined || watched === undefined) return;
    const inspected = await answered.network.inspect(watched.node, watched.removedEdges, edges);
    if (this.#watched === watched && this.#present?.answered === answered) this.#send({ kind: "inspected", inspected });
  }

  async #export({ what, colors, places }: Extract<Request, { kind: "export" }>): Promise<void> {
    const { answered, result } = this.#opened();
    if (answered === undefined) throw new Error("there is no network yet. Train one first.");
    const { title } = answered.working;
    switch (what) {
      case "csv":
        return this.#send({
          kind: "exported",
          name: `${title} predictions.csv`,
          type: "text/csv",
          content: await exportCsv(answered),
        });
      case "gexf": {
        const content = await exportGexf(answered, { colors, places });
        return this.#send({ kind: "exported", name: `${title} predictions.gexf`, type: "application/xml", content });
      }
      case "model": {
        const content = await writeModelFile(answered.network, { ...result, label: answered.label });
        return this.#send({
          kind: "exported",
          name: `${title} model.safetensors`,
          type: "application/octet-stream",
          content,
        });
      }
    }
  }

  async #openModel(file: File): Promise<void> {
    const { working, edges } = this.#opened();
    if (this.#run !== undefined) throw new Error("a network is being trained. Stop it before opening another.");
    const network = networkFromFile(readModelFile(new Uint8Array(await file.arrayBuffer())), working.graph);
    const label = labelHolding(working, network.classes);
    const labels = labelsFor(working, label, network.classes);
    this.#present = { working, edges, answered: { working, label: label ?? "", labels, network } };
    this.#send({ kind: "model-opened", labels, predictions: await network.predictions(), name: file.name });
    await this.#inspect();
  }

  #opened(): Present {
    if (this.#present === undefined)
      throw new Error(`no graph is open. Open one first, as ${graphFileEndings.join(", ")}.`);
    return this.#present;
  }
}

/** A core is left to the thread that draws; with one core or two there is one thread. */
function leaveRoomForThePage(): void {
  const cores = typeof navigator === "undefined" ? 1 : navigator.hardwareConcurrency;
  setThreads(Math.max(1, Math.min(16, cores - 1)));
}

/** What the page is told of labels. */
function wireLabels({ classes, known, parts }: ReadLabels): LabelsInUse {
  return { classes, known, parts };
}

/** The attribute that holds what a network out of a file predicts, if the graph has it. */
function labelHolding({ graph, attributes }: WorkingGraph, classes: readonly string[]): string | undefined {
  const names = new Set(classes);
  return attributes.find(({ name, canBeLabel }) => {
    return canBeLabel && graph.everyNode((_, { [name]: value }) => isMissing(value) || names.has(String(value)));
  })?.name;
}

/** Nobody knows which labels a network out of a file was trained on: all that the graph has count as hidden ones. */
function labelsFor({ graph }: WorkingGraph, label: string | undefined, classes: readonly string[]): LabelsInUse {
  const classOf = new Map(classes.map((name, c) => [name, c]));
  const known = Int32Array.from(
    graph.mapNodes((_, attributes) => {
      const value = label === undefined ? undefined : attributes[label];
      return isMissing(value) ? -1 : (classOf.get(String(value)) ?? -1);
    }),
  );
  return { classes, known, parts: Uint8Array.from(known, (c) => (c < 0 ? 0 : 3)) };
}
