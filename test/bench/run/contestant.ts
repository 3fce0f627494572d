import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";

/** How a contestant is started. */
export interface ContestantCommand {
  /** What the table calls it. */
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/**
 * A program that does one piece of work again and again when told to. It says `ready` once it has done the work for the first time and
 * written its answer; from then on it reads lines, and answers each `run` with the milliseconds that the parts of the work took.
 *
 * Each is a process of its own, so that none warms another's caches or shares its memory.
 */
export class Contestant {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #complaints: () => string;

  private constructor(name: string, child: ChildProcess, lines: AsyncIterator<string>, complaints: () => string) {
    this.name = name;
    this.#process = child;
    this.#lines = lines;
    this.#complaints = complaints;
  }

  /** Starts the program and waits for its first answer. */
  static async start({ name, command, arguments: args, environment }: ContestantCommand): Promise<Contestant> {
    const child = spawn(command, args, {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, ...environment },
    });
    let complaints = "";
    child.stderr.on("data", (data) => {
      complaints = `${complaints}${data}`.slice(-4000);
    });
    const failed = new Promise<never>((_, reject) => child.once("error", reject));
    // Looked at only while a line is awaited.
    failed.catch(() => {});
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const contestant = new Contestant(name, child, lines, () => complaints);
    const first = await Promise.race([contestant.#next(), failed]);
    if (first !== "ready") throw new Error(`${name}: expected "ready", got "${first}". ${complaints}`);
    return contestant;
  }

  /** Does the work once more. The milliseconds of each of its parts. */
  async run(): Promise<number[]> {
    this.#process.stdin?.write("run\n");
    const line = await this.#next();
    const times = line.trim().split(/\s+/).map(Number);
    if (times.some((time) => !Number.isFinite(time))) {
      throw new Error(`${this.name}: expected milliseconds, got "${line}". ${this.#complaints()}`);
    }
    return times;
  }

  /** The most memory that it has had resident, in bytes; undefined where the system does not tell. */
  async peakBytes(): Promise<number | undefined> {
    try {
      const status = await readFile(`/proc/${this.#process.pid}/status`, "utf8");
      const found = /VmHWM:\s+(\d+) kB/.exec(status);
      return found === null ? undefined : Number(found[1]) * 1024;
    } catch {
      return undefined;
    }
  }

  /** Ends the program. */
  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill();
    await ended;
  }

  async #next(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${this.name} ended early. ${this.#complaints()}`);
    return value;
  }
}
