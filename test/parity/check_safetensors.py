"""Opens fixtures/written-here.safetensors, which Vicinal wrote, with Python's safetensors, and compares it with safetensors.json."""

import json

from safetensors import numpy as from_numpy
from safetensors import safe_open

from fixture_format import FOLDER
from safetensors_files import described

FILE = FOLDER / "written-here.safetensors"


def main() -> None:
    expected = json.loads((FOLDER / "safetensors.json").read_text())["numpy.safetensors"]
    with safe_open(FILE, framework="numpy") as file:
        opened = {name: described(file.get_tensor(name)) for name in file.keys()}
        metadata = file.metadata()
    written = {name: each for name, each in expected["tensors"].items() if each["dtype"] in ("F64", "F32", "I32", "U32", "U8")}
    if opened != written:
        raise SystemExit(f"tensors differ: got {opened}, expected {written}")
    if metadata != expected["metadata"]:
        raise SystemExit(f"metadata differ: got {metadata}, expected {expected['metadata']}")
    # Through the other way in, which reads all at once.
    if {name: described(array) for name, array in from_numpy.load(FILE.read_bytes()).items()} != written:
        raise SystemExit("the tensors that were loaded at once differ")
    print(f"{FILE.name}: {len(opened)} tensors and {len(metadata)} metadata, as expected")


if __name__ == "__main__":
    main()
