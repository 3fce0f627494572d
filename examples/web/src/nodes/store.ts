import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { download, fileNameOf } from "../page/download.ts";
import { classColors } from "./palette.ts";
import { isAllowed, type Phase, phaseAfterReport, phaseAfterRequest } from "./phase.ts";
import type {
  EpochPoint,
  ExportKind,
  InspectedNode,
  LabelsInUse,
  OpenedGraph,
  Predictions,
  Report,
  Request,
  TrainingChoices,
  TrainingResult,
} from "./protocol.ts";
import { statusOf } from "./status.ts";

/** The worker as the store sees it. */
export interface Sender {
  postMessage(request: Request): void;
  terminate(): void;
}

/** Starts a worker whose reports, and whose end, are told. */
export type StartWorker = (onReport: (report: Report) => void, onDeath: () => void) => Sender;

/** What the tab shows, and what can be done in it. */
export class NodesStore {
  readonly phase = signal<Phase>("ready");
  readonly opened = signal<OpenedGraph | undefined>(undefined);
  readonly choices: Signal<TrainingChoices>;
  /** How the network that there is was trained. */
  readonly trainedChoices = signal<TrainingChoices | undefined>(undefined);
  readonly labels = signal<LabelsInUse | undefined>(undefined);
  readonly points = signal<readonly EpochPoint[]>([]);
  readonly threads = signal(1);
  readonly result = signal<TrainingResult | undefined>(undefined);
  readonly modelName = signal<string | undefined>(undefined);
  readonly predictions = signal<Predictions | undefined>(undefined);
  readonly inspected = signal<InspectedNode | undefined>(undefined);
  readonly selected = signal<number | undefined>(undefined);
  readonly removedEdges = signal<readonly number[]>([]);
  readonly error = signal<string | undefined>(undefined);
  readonly status: ReadonlySignal<string>;
  readonly colors: ReadonlySignal<readonly string[]>;
  /** Set by the drawing: where nodes are now. */
  placesNow: () => Float32Array | undefined = () => undefined;
  readonly #start: StartWorker;
  #worker: Sender;
  #before: Phase = "ready";
  /** Whether the worker has said nothing yet. */
  #isSilent = true;

  constructor(start: StartWorker, choices: TrainingChoices) {
    this.#start = start;
    this.choices = signal(choices);
    this.#worker = this.#startWorker();
    this.colors = computed(() => classColors(this.labels.value?.classes.length ?? 0));
    this.status = computed(() =>
      statusOf({
        phase: this.phase.value,
        title: this.opened.value?.drawn.title,
        epochs: this.trainedChoices.value?.epochs ?? 0,
        last: this.points.value.at(-1),
        result: this.result.value,
        modelName: this.modelName.value,
        threads: this.threads.value,
      }),
    );
  }

  allows(request: Request["kind"]): boolean {
    return isAllowed(this.phase.value, request);
  }

  /** Asks the worker for something, unless it cannot be asked now. */
  ask(request: Request): void {
    const phase = this.phase.peek();
    if (!isAllowed(phase, request.kind)) return;
    batch(() => {
      const next = phaseAfterRequest(phase, request.kind);
      if (next === "opening") this.#before = phase;
      this.phase.value = next;
      this.error.value = undefined;
      if (request.kind === "train") {
        this.trainedChoices.value = request.choices;
        this.#forgetNetwork();
      }
    });
    this.#worker.postMessage(request);
  }

  train(): void {
    this.ask({ kind: "train", choices: this.choices.peek() });
  }

  select(node: number | undefined): void {
    if (node === this.selected.peek()) return;
    batch(() => {
      this.selected.value = node;
      this.removedEdges.value = [];
      this.inspected.value = undefined;
    });
    this.#inspect();
  }

  /** Takes an edge away, or puts it back. */
  toggleEdge(edge: number): void {
    const removed = this.removedEdges.peek();
    this.removedEdges.value = removed.includes(edge) ? removed.filter((each) => each !== edge) : [...removed, edge];
    this.#inspect();
  }

  putEdgesBack(): void {
    this.removedEdges.value = [];
    this.#inspect();
  }

  export(what: ExportKind): void {
    this.ask({ kind: "export", what, colors: this.colors.peek(), places: this.placesNow() });
  }

  /** Ends the worker in the middle of whatever it does, and begins anew. */
  restart(why?: string): void {
    this.#worker.terminate();
    this.#worker = this.#startWorker();
    batch(() => {
      this.phase.value = "ready";
      this.#forgetNetwork();
      this.ask({ kind: "open-karate-club" });
      this.error.value = why;
    });
  }

  #inspect(): void {
    this.ask({ kind: "inspect", node: this.selected.peek(), removedEdges: this.removedEdges.peek() });
  }

  #forgetNetwork(): void {
    batch(() => {
      this.points.value = [];
      this.result.value = undefined;
      this.modelName.value = undefined;
      this.predictions.value = undefined;
      this.inspected.value = undefined;
      this.removedEdges.value = [];
      this.labels.value = undefined;
    });
  }

  #startWorker(): Sender {
    this.#isSilent = true;
    return this.#start(
      (report) => this.#hear(report),
      () => this.#outlive(),
    );
  }

  /** A worker that breaks off is started again, unless it did so before it said anything. */
  #outlive(): void {
    if (this.#isSilent) {
      this.error.value =
        "The worker that reads graphs and trains cannot be started, so nothing can be opened or trained. Reload the page; an older browser may lack what it needs.";
      return;
    }
    this.restart(
      "The worker that reads graphs and trains has broken off, most likely for want of memory. It was started again with the karate club; try a smaller graph or fewer heads.",
    );
  }

  #hear(report: Report): void {
    this.#isSilent = false;
    batch(() => {
      this.phase.value = phaseAfterReport(this.phase.peek(), report, this.#before);
      this.#take(report);
    });
  }

  #take(report: Report): void {
    switch (report.kind) {
      case "opened":
        this.#forgetNetwork();
        this.trainedChoices.value = undefined;
        this.selected.value = undefined;
        this.opened.value = report.opened;
        this.choices.value = report.opened.suggested;
        return;
      case "began":
        this.labels.value = report.labels;
        this.threads.value = report.threads;
        this.#inspect();
        return;
      case "progress":
        this.points.value = [...this.points.peek(), ...report.points];
        if (report.predictions !== undefined) this.predictions.value = report.predictions;
        return;
      case "finished":
        this.result.value = report.result;
        this.predictions.value = report.predictions;
        return;
      case "model-opened":
        this.#forgetNetwork();
        this.modelName.value = report.name;
        this.trainedChoices.value = undefined;
        this.labels.value = report.labels;
        this.predictions.value = report.predictions;
        this.#inspect();
        return;
      case "inspected":
        if (report.inspected.node === this.selected.peek()) this.inspected.value = report.inspected;
        return;
      case "exported": {
        const ending = /\.[a-z]+$/.exec(report.name)?.[0] ?? "";
        download({
          name: fileNameOf(report.name.slice(0, -ending.length || undefined), ending),
          type: report.type,
          content: report.content,
        });
        return;
      }
      case "failed":
        this.error.value = report.message;
        return;
    }
  }
}
