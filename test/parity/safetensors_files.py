"""What Python's safetensors writes: two files, and their numbers in safetensors.json."""

import json
from collections.abc import Mapping

import numpy as np
import torch
from safetensors import numpy as from_numpy
from safetensors import torch as from_torch

from fixture_format import FOLDER, Random

# Spelled as JavaScript reads them; JSON has none of them.
SPECIAL = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
METADATA = {"format": "pt", "__proto__": "a name as any other", "naïve ✓": 'quotes " and \\ and \n'}
NAMES = {"float64": "F64", "float32": "F32", "float16": "F16", "int64": "I64", "int32": "I32", "uint32": "U32", "uint8": "U8", "bool": "BOOL"}


def arrays() -> dict[str, np.ndarray]:
    drawn = Random("safetensors", "weight").tensor(3, 5).numpy()
    edges = [0.0, -0.0, np.inf, -np.inf, np.nan, 1 / 3]
    float32, float16 = np.finfo(np.float32), np.finfo(np.float16)
    return {
        "layers.0.weight": drawn.astype(np.float32),
        "layers.0.bias": np.array([*edges, float32.max, float32.smallest_subnormal], np.float32),
        "moments": np.array([*edges, np.pi, np.finfo(np.float64).max, np.finfo(np.float64).smallest_subnormal]),
        "half": np.array([*edges, float16.max, float16.smallest_subnormal, float16.smallest_normal], np.float16),
        "counts": np.array([[0, 1, -1], [2**53 + 1, -(2**63), 2**63 - 1]], np.int64),
        "indices": np.array([-(2**31), 2**31 - 1, 7], np.int32),
        "state": np.array([0, 1, 2**31, 2**32 - 1], np.uint32),
        "bytes": np.arange(0, 256, 51, dtype=np.uint8),
        "mask": np.array([[True, False, True]]),
        "scalar": np.array(0.5, np.float32),
        "empty": np.zeros((2, 0, 3), np.float64),
        "__proto__": np.array([1.0, 2.0], np.float32),
        "Größe ✓": np.array([3.0], np.float32),
    }


def brain() -> dict[str, torch.Tensor]:
    """numpy has no bfloat16."""
    edges = [0.0, -0.0, float("inf"), -float("inf"), float("nan"), 1 / 3, 3.3895e38, 9.2e-41]
    return {"brain": torch.tensor(edges, dtype=torch.bfloat16), "beside": torch.tensor([1, 0], dtype=torch.bool)}


def generate() -> int:
    content = arrays()
    from_numpy.save_file(content, FOLDER / "numpy.safetensors", METADATA)
    from_torch.save_file(brain(), FOLDER / "torch.safetensors")
    written = {
        "numpy.safetensors": {"metadata": METADATA, "tensors": {name: described(each) for name, each in content.items()}},
        "torch.safetensors": {"metadata": {}, "tensors": described_torch(brain())},
    }
    text = json.dumps(written, ensure_ascii=False, indent=1)
    (FOLDER / "safetensors.json").write_text(text + "\n")
    return len(written)


def described(array: np.ndarray) -> dict[str, object]:
    return {"dtype": NAMES[array.dtype.name], "shape": list(array.shape), "data": [spelled(x) for x in array.ravel()]}


def described_torch(tensors: Mapping[str, torch.Tensor]) -> dict[str, object]:
    described_each = {}
    for name, tensor in tensors.items():
        is_brain = tensor.dtype == torch.bfloat16
        array = (tensor.to(torch.float32) if is_brain else tensor).numpy()
        described_each[name] = described(array) | ({"dtype": "BF16"} if is_brain else {})
    return described_each


def spelled(number: np.generic) -> str:
    """All digits of the number as it is in float64 or as a whole number, so that nothing is rounded."""
    value = number.item()
    return str(int(value)) if isinstance(value, bool | int) else SPECIAL.get(repr(value), repr(value))
