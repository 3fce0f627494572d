"""Writes every fixture, or those of the modules that are named. See README.md."""

import sys
from importlib import import_module

import torch

from fixture_format import FOLDER

MODULES = [
    "attention_layers",
    "further_layers",
    "attention_loss",
    "hetero_layers",
    "readouts",
    "attentive_fp",
    "core",
    "further_core",
    "sequence_attention",
    "transformer_layers",
    "recurrent_layers",
    "positions",
    "normalizers",
    "safetensors_files",
]


def main(named: list[str]) -> None:
    unknown = set(named) - set(MODULES)
    if unknown:
        raise SystemExit(f"got {', '.join(sorted(unknown))}; expected some of {', '.join(MODULES)}")
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    cases = sum(import_module(module).generate() for module in named or MODULES)
    files = sorted(FOLDER.glob("*.json"))
    for file in files:
        print(f"{file.name:30} {file.stat().st_size:8}")
    print(f"{cases} cases written; {len(files)} files, {sum(file.stat().st_size for file in files)} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
