import { dirname, join } from "node:path";
import { build as esbuild } from "esbuild";
import { createLogger, build as vite } from "vite";
import webpack from "webpack";

/**
 * Bundles a program for a page with the settings that its users begin with, as one module `program.js` in the folder.
 *
 * @returns What the bundler warned of.
 */
export type Bundler = (entry: string, folder: string) => Promise<readonly string[]>;

const withEsbuild: Bundler = async (entry, folder) => {
  const { warnings } = await esbuild({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "esm",
    outfile: join(folder, "program.js"),
    logLevel: "silent",
  });
  return warnings.map(({ text }) => text);
};

const withVite: Bundler = async (entry, folder) => {
  const warnings: string[] = [];
  const note = (message: string) => void warnings.push(message);
  await vite({
    configFile: false,
    logLevel: "warn",
    root: dirname(entry),
    customLogger: { ...createLogger("silent"), warn: note, warnOnce: note, error: note },
    build: {
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: { input: entry, output: { entryFileNames: "program.js" } },
    },
  });
  return warnings;
};

const withWebpack: Bundler = (entry, folder) =>
  new Promise((resolve, reject) => {
    webpack(
      {
        mode: "production",
        context: dirname(entry),
        entry,
        target: "web",
        output: { path: folder, filename: "program.js", module: true },
        experiments: { outputModule: true },
        performance: false,
      },
      (error, stats) => {
        if (error !== null || stats === undefined) {
          reject(error ?? new Error("webpack said nothing."));
          return;
        }
        const { errors = [], warnings = [] } = stats.toJson({ all: false, errors: true, warnings: true });
        resolve([...errors, ...warnings].map(({ message }) => message));
      },
    );
  });

export const bundlers: Readonly<Record<string, Bundler>> = {
  esbuild: withEsbuild,
  Vite: withVite,
  webpack: withWebpack,
};
