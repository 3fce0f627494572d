"""Writes every fixture. See README.md."""

import torch

import attention_layers
import core
import further_layers
from fixture_format import FOLDER


def main() -> None:
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    cases = attention_layers.generate() + further_layers.generate() + core.generate()
    files = sorted(FOLDER.glob("*.json"))
    for file in files:
        print(f"{file.name:30} {file.stat().st_size:8}")
    print(f"{cases} cases, {len(files)} files, {sum(file.stat().st_size for file in files)} bytes")


if __name__ == "__main__":
    main()
