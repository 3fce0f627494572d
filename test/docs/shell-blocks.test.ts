import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { codeBlocks, commandsInLine, documents } from "./code-blocks.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

const scripts: Record<string, string> = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts;
const packages = ["packages", "examples"].flatMap((folder) =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap(({ name }) => {
    const path = join(root, folder, name, "package.json");
    return existsSync(path) ? [String(JSON.parse(readFileSync(path, "utf8")).name)] : [];
  }),
);

/** What a document says to type. */
interface Command {
  readonly document: string;
  readonly text: string;
}

const commands: readonly Command[] = documents
  .flatMap((document) => [
    ...codeBlocks(document)
      .filter(
        ({ language, notRun, code }) =>
          notRun === undefined && (language === "sh" || (language === "" && /^npm/.test(code))),
      )
      .flatMap(({ code }) => code.split("\n"))
      .map((line) => ({ document, text: line.replace(/ {2,}#.*$/, "").trim() })),
    ...commandsInLine(document).map((text) => ({ document, text })),
  ])
  .filter(({ text }) => text !== "");

/** The words of a command, those in quotes as one. */
function wordsOf(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

const helps = new Map<string, string>();

/** What a program of the repository answers to `--help`. */
function helpOf(program: string, words: readonly string[] = []): string {
  const key = [program, ...words].join(" ");
  let help = helps.get(key);
  if (help === undefined) {
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(root, program), ...words, "--help"], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`${key} --help ended with ${status}: ${stderr}`);
    help = stdout;
    helps.set(key, help);
  }
  return help;
}

/** What cannot be right about a command of npm or pnpm; undefined where nothing was found. */
function problemOf(text: string): string | undefined {
  const [manager, ...words] = wordsOf(text);
  if (words[0] === "install") {
    const wrong = words.slice(1).filter((word) => word.startsWith("@vicinal/") && !packages.includes(word));
    return wrong.length > 0 ? `there is no package ${wrong.join(", ")}` : undefined;
  }
  const isShort = words[0] !== "run" && (manager === "pnpm" || words[0] === "start" || words[0] === "test");
  const name = isShort ? words[0] : words[1];
  if (words[0] !== "run" && !isShort) return `expected npm start, test, run or install`;
  if (name === undefined || scripts[name] === undefined) return `there is no script ${name}`;
  const given = words.slice(isShort ? 1 : 2).filter((word) => word !== "--" && !["--silent", "…"].includes(word));
  if (given.length === 0) return undefined;
  const program = /node (\S+\.m?js)(?!.*node )/.exec(scripts[name])?.[1];
  if (program === undefined) return `the script ${name} takes no ${given.join(" ")}`;
  const flags = given.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.split("=")[0]!);
  if (flags.length === 0) return undefined;
  // A word before any flag is a command of the program, or what it works on.
  const [first] = given;
  const command = first !== undefined && /^[a-z-]+$/.test(first) && !first.startsWith("-") ? first : undefined;
  const help =
    helpOf(program) + (command !== undefined && helpOf(program).includes(command) ? helpOf(program, [command]) : "");
  const unknown = flags.filter((flag) => !new RegExp(`(^|[\\s,])${flag}\\b`, "m").test(help));
  return unknown.length > 0 ? `${program} --help does not know ${unknown.join(", ")}` : undefined;
}

describe("the commands in the documents", () => {
  const ofPackageManagers = commands.filter(({ text }) => /^p?npm\b/.test(text));

  it("are found", () => {
    expect(ofPackageManagers.length).toBeGreaterThan(40);
  });

  it("are those of npm and pnpm, and nothing that is not looked at", () => {
    const others = commands.filter((command) => !ofPackageManagers.includes(command));
    expect(others.map(({ document, text }) => `${document}: ${text}`)).toEqual([]);
  });

  it("name scripts that there are, and options that their programs take", () => {
    const problems = ofPackageManagers.flatMap(({ document, text }) => {
      const problem = problemOf(text);
      return problem === undefined ? [] : [`${document}: ${text}: ${problem}`];
    });
    expect([...new Set(problems)]).toEqual([]);
  });
});
