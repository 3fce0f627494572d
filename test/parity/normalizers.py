"""Sparsemax and entmax-1.5 of rows, of the entmax package: normalizers.json."""

from collections.abc import Callable

import torch
from entmax import entmax15, sparsemax
from torch import Tensor

from fixture_format import Random, write
from recording import Record, answered, leaves


def _at_support(name: str, logits: Tensor, weights: Tensor) -> float:
    """How far the nearest logit is from where its weight becomes zero: at that point the gradient is a convention."""
    scaled = logits if name == "sparsemax" else logits / 2
    root = weights if name == "sparsemax" else weights.sqrt()
    thresholds = torch.where(weights > 0, scaled - root, float("-inf")).max(dim=1, keepdim=True).values
    return (scaled - thresholds).abs().min().item()


def _cases(normalizer: Callable[..., Tensor], name_of_function: str) -> list[Record]:
    def case(
        name: str, rows: int, columns: int, scale: float = 1, ties: Callable[[Tensor], None] | None = None
    ) -> Record:
        for attempt in range(100):
            random = Random(name_of_function, name, attempt)
            drawn = random.tensor(rows, columns) * scale
            if ties is not None:
                ties(drawn)
            given = leaves(input=drawn)
            output = normalizer(given["input"], dim=1)
            if _at_support(name_of_function, drawn.detach(), output.detach()) >= 1e-3:
                break
        else:
            raise RuntimeError(f"{name_of_function} {name}: no draw stays clear of the edge of the support")
        return answered(name, given, output, random)

    def two_largest(rows: Tensor) -> None:
        rows[:, 1] = rows[:, 3] = rows.max(dim=1).values + 0.125

    def all_equal(rows: Tensor) -> None:
        rows[:] = rows[:, :1]

    def pairs(rows: Tensor) -> None:
        rows[:, 1::2] = rows[:, ::2]

    return [
        case("rows of 6", 6, 6),
        case("flat rows", 4, 5, scale=0.125),
        case("steep rows", 5, 7, scale=4),
        case("large logits", 4, 5, scale=512),
        case("the largest twice", 5, 6, ties=two_largest),
        case("all equal", 3, 5, ties=all_equal),
        case("every value twice", 5, 6, ties=pairs),
        case("one column", 3, 1),
        case("two columns", 6, 2),
    ]


def generate() -> int:
    lists = {"sparsemax": _cases(sparsemax, "sparsemax"), "entmax15": _cases(entmax15, "entmax15")}
    write("normalizers.json", {}, lists, packages=["entmax"])
    return sum(map(len, lists.values()))
