"""Random inputs for fixtures, and the JSON form in which fixtures are written."""

import json
import re
import zlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

SEED = 20260605
FOLDER = Path(__file__).parent / "fixtures"

# Every random number is a multiple of 1/64 with |value| <= 1.5: exact in decimal and in float32, so that an engine
# that computes in float32 starts from the very numbers that float64 started from.
STEP = 64
LIMIT = 96


class Random:
    """Numbers that depend on a name only: adding a case leaves every other case as it was."""

    def __init__(self, *name: object):
        self.generator = torch.Generator().manual_seed(SEED ^ zlib.crc32("/".join(map(str, name)).encode()))

    def tensor(self, *shape: int) -> Tensor:
        """No zeros, and no value twice within a column of a matrix, so that a maximum over rows has no ties."""
        values = torch.cat([torch.arange(-LIMIT, 0), torch.arange(1, LIMIT + 1)]).to(torch.float64) / STEP
        columns = 1
        for size in shape[1:]:
            columns *= size
        drawn = [values[torch.randperm(len(values), generator=self.generator)[: shape[0]]] for _ in range(columns)]
        return torch.stack(drawn, dim=1).reshape(shape)

    def positive(self, *shape: int) -> Tensor:
        return self.tensor(*shape).abs()

    def integers(self, high: int, count: int) -> Tensor:
        return torch.randint(high, (count,), generator=self.generator)


class NearestKink(TorchDispatchMode):
    """The smallest |argument| that a piecewise linear function saw; a gradient at a kink is a matter of convention."""

    def __init__(self) -> None:
        super().__init__()
        self.distance = float("inf")

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if func.overloadpacket in (torch.ops.aten.leaky_relu, torch.ops.aten.relu) and args[0].numel() > 0:
            self.distance = min(self.distance, args[0].detach().abs().min().item())
        return func(*args, **(kwargs or {}))


def camel_case(name: str) -> str:
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)


def _number(value: float) -> str:
    text = f"{value:.12g}"
    if text in ("nan", "inf", "-inf"):
        raise ValueError("a fixture holds a number that is not finite")
    return "0" if text == "-0" else text


def _compact(value: object) -> str:
    match value:
        case Tensor():
            data = ",".join(_number(number) for number in value.detach().reshape(-1).tolist())
            return f'{{"shape":{json.dumps(list(value.shape), separators=(",", ":"))},"data":[{data}]}}'
        case bool() | None | str():
            return json.dumps(value)
        case int() | float():
            return _number(value)
        case list() | tuple():
            return "[" + ",".join(map(_compact, value)) + "]"
        case dict():
            return "{" + ",".join(f"{json.dumps(key)}:{_compact(item)}" for key, item in value.items()) + "}"
    raise TypeError(f"cannot write a {type(value).__name__}")


def _case(case: dict[str, object]) -> str:
    return "{" + ",\n".join(f"{json.dumps(key)}:{_compact(value)}" for key, value in case.items()) + "}"


def write(
    file_name: str,
    header: dict[str, object],
    lists: dict[str, list[dict[str, object]]],
    packages: Iterable[str] = (),
) -> None:
    """Writes `lists` of cases, one field of a case a line, below the versions of PyTorch, PyTorch Geometric and `packages`."""
    names = {"torch": "torch", "torchGeometric": "torch_geometric"} | {name: name for name in packages}
    versions = {key: version(name).split("+")[0] for key, name in names.items()}
    fields = [f"{json.dumps(key)}:{_compact(value)}" for key, value in ({"versions": versions} | header).items()]
    fields += [f"{json.dumps(key)}:[\n" + ",\n".join(map(_case, cases)) + "\n]" for key, cases in lists.items()]
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / file_name).write_text("{" + ",\n".join(fields) + "}\n")
