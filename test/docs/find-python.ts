import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The Python to run examples with: the one that `VICINAL_PYTHON` names, else `.venv` of the repository or `python3`, if it has PyTorch Geometric. */
export function findPython(): string | undefined {
  const named = process.env["VICINAL_PYTHON"];
  const candidates = named ? [named] : [fileURLToPath(new URL("../../.venv/bin/python", import.meta.url)), "python3"];
  const found = candidates.find(
    (python) => spawnSync(python, ["-c", "import torch_geometric, safetensors.torch"]).status === 0,
  );
  if (named && found === undefined) {
    throw new Error(
      `VICINAL_PYTHON names ${named}, which has no torch_geometric and safetensors. Name one that has, or leave it unset.`,
    );
  }
  return found;
}
