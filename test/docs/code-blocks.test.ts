import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "node:util";
import ts from "typescript";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type CodeBlock, codeBlocks } from "./code-blocks.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const generated = fileURLToPath(new URL(".generated", import.meta.url));

rmSync(generated, { recursive: true, force: true });
mkdirSync(generated, { recursive: true });

const documents = [
  "README.md",
  ...readdirSync(join(root, "packages")).map((name) => `packages/${name}/README.md`),
  ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`),
].filter((path) => path.endsWith(".md") && existsSync(join(root, path)));

/** A block as a module of its own. */
function fileOf({ name }: CodeBlock): string {
  return join(generated, `${name.replaceAll(/[^a-zA-Z0-9]+/g, "-")}.ts`);
}

const blocks = documents.flatMap((path) => codeBlocks(join(root, path), path));
for (const block of blocks) writeFileSync(fileOf(block), `${block.code}\nexport {};\n`);

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the examples in the documents", () => {
  it.each(blocks.filter(({ notRun }) => notRun === undefined))("run: $name", async (block) => {
    const printed: string[] = [];
    vi.spyOn(console, "log").mockImplementation((...values: unknown[]) => {
      printed.push(format(...values));
    });
    await import(fileOf(block));
    if (block.prints !== undefined) expect(printed.join("\n")).toBe(block.prints);
  });

  it("are type-correct", () => {
    const { config } = ts.readConfigFile(join(root, "test/tsconfig.json"), ts.sys.readFile);
    // What an example shows it need not use.
    config.compilerOptions.noUnusedLocals = false;
    config.include = [];
    config.files = blocks.map((block) => relative(join(root, "test"), fileOf(block)));
    const { options, fileNames, errors } = ts.parseJsonConfigFileContent(config, ts.sys, join(root, "test"));
    const program = ts.createProgram(fileNames, options);
    const problems = [
      ...errors,
      ...fileNames.flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file))),
    ].map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
    expect(problems).toEqual([]);
  });
});
