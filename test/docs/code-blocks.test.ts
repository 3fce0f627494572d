import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "node:util";
import ts from "typescript";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type CodeBlock, codeBlocks, documents } from "./code-blocks.ts";
import { findPython } from "./find-python.ts";
import { fileOfPageBlock } from "./page-block-files.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const generated = fileURLToPath(new URL(".generated/node", import.meta.url));

rmSync(generated, { recursive: true, force: true });
mkdirSync(generated, { recursive: true });

/** A block as a module of its own. */
function fileOf({ name }: CodeBlock): string {
  return join(generated, `${name.replaceAll(/[^a-zA-Z0-9]+/g, "-")}.ts`);
}

/** The sources of the example plug-ins by name: no package depends on them. */
const plugins = new Map(
  readdirSync(join(root, "examples/plugins"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }): [string, string] => {
      const folder = join(root, "examples/plugins", name);
      return [JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).name, join(folder, "src/index.ts")];
    }),
);

/** The code of a block with imports that lead, from where it is put, to where they lead beside its document. */
function whereItIs({ code, document }: CodeBlock): string {
  return code.replaceAll(/(?<= from ")(\.[^"]*|@vicinal\/example-plugin-[^"]*)(?=")/g, (name) => {
    const path = plugins.get(name) ?? join(root, dirname(document), name);
    return relative(generated, path);
  });
}

const blocks = documents.flatMap(codeBlocks);
const inTypeScript = blocks.filter(({ language, isForPage }) => language === "ts" && !isForPage);
for (const block of inTypeScript) writeFileSync(fileOf(block), `${whereItIs(block)}\nexport {};\n`);

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the examples in the documents", () => {
  it.each(inTypeScript.filter(({ notRun }) => notRun === undefined))("run: $name", async (block) => {
    const printed: string[] = [];
    vi.spyOn(console, "log").mockImplementation((...values: unknown[]) => {
      printed.push(format(...values));
    });
    await import(fileOf(block));
    const text = printed.join("\n");
    if (block.prints !== undefined) expect(text).toBe(block.prints);
    if (block.draws !== undefined) expectPicture(block, block.draws, text);
  });

  it("are type-correct", () => {
    const { config } = ts.readConfigFile(join(root, "test/tsconfig.json"), ts.sys.readFile);
    // What an example shows it need not use.
    config.compilerOptions.noUnusedLocals = false;
    config.include = [];
    const forPages = blocks.filter(({ language, isForPage }) => language === "ts" && isForPage);
    config.files = [...inTypeScript.map(fileOf), ...forPages.map(fileOfPageBlock)].map((path) =>
      relative(join(root, "test"), path),
    );
    for (const block of forPages) {
      mkdirSync(dirname(fileOfPageBlock(block)), { recursive: true });
      writeFileSync(fileOfPageBlock(block), `${block.code}\nexport {};\n`);
    }
    const { options, fileNames, errors } = ts.parseJsonConfigFileContent(config, ts.sys, join(root, "test"));
    const program = ts.createProgram(fileNames, options);
    const problems = [
      ...errors,
      ...fileNames.flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file))),
    ].map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
    expect(problems).toEqual([]);
  });

  it("are in a language that some test reads", () => {
    const known = ["ts", "sh", "python", "json", "text", "math", ""];
    expect(blocks.filter(({ language }) => !known.includes(language)).map(({ name }) => name)).toEqual([]);
    // What stands without a language is what one types to install a package.
    const unnamed = blocks.filter(({ language }) => language === "");
    expect(unnamed.filter(({ code }) => !/^npm install [@a-z]/.test(code)).map(({ name }) => name)).toEqual([]);
  });

  it.each(blocks.filter(({ language }) => language === "json"))("are JSON: $name", ({ code }) => {
    expect(() => JSON.parse(code)).not.toThrow();
  });
});

/** A picture beside a document is what its block prints; `VICINAL_WRITE_PICTURES=1` writes it. */
function expectPicture(block: CodeBlock, path: string, drawn: string): void {
  const file = join(root, dirname(block.document), path);
  if (process.env["VICINAL_WRITE_PICTURES"] === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${drawn}\n`);
  }
  expect(`${drawn}\n` === readFileSync(file, "utf8"), `${path} is what the block draws`).toBe(true);
}

const inPython = blocks.filter(({ language, notRun }) => language === "python" && notRun === undefined);
const python = findPython();
if (python === undefined) {
  process.stderr.write(
    "No Python with torch_geometric and safetensors was found (VICINAL_PYTHON names one; test/parity/README.md says how to make one): " +
      "the examples in Python are not run.\n",
  );
}

/** Runs programs one after the other, each with names of its own; PyTorch is loaded once. */
const runner = `
import contextlib, io, json, sys, traceback
results = []
for code in json.load(sys.stdin):
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(code, {"__name__": "__main__"})
        results.append(printed.getvalue())
    except Exception:
        results.append(traceback.format_exc())
json.dump(results, sys.stdout)
`;

// After those in TypeScript, which write what some of them read.
describe.skipIf(python === undefined)("the examples in Python", () => {
  let printed: string[] = [];
  beforeAll(() => {
    const { stdout, stderr, status } = spawnSync(python ?? "", ["-c", runner], {
      input: JSON.stringify(inPython.map(({ code }) => code)),
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
    printed = JSON.parse(stdout);
    // PyTorch takes long to load where other tests run beside.
  }, 600_000);

  it.each(inPython.map((block, number) => ({ ...block, number })))("print what they say: $name", (block) => {
    expect(printed[block.number]?.trimEnd()).toBe(block.prints);
  });
});
