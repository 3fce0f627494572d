"""Building blocks that joined those of core.py: further-core.json."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from fixture_format import Random, camel_case, write
from recording import Record, answered, backward, gradients, leaves


def embedding() -> list[Record]:
    def case(name: str, indices: list[int], rows: int, width: int, padding: int | None = None) -> Record:
        random = Random("embedding", name)
        given = leaves(weight=random.tensor(rows, width))
        output = F.embedding(torch.tensor(indices, dtype=torch.long), given["weight"], padding_idx=padding)
        return answered(name, given, output, random, indices=indices, paddingIdx=padding)

    return [
        case("every row", [3, 0, 1, 2], 4, 3),
        case("repeated and unused rows", [5, 1, 5, 5, 2, 1, 0], 8, 4),
        case("row 0 is not learned", [0, 3, 1, 0, 3], 5, 3, padding=0),
    ]


def layer_norm() -> list[Record]:
    """Where the variance is small, and one row: core.py has the others."""

    def case(name: str, values: Tensor) -> Record:
        random = Random("further layer norm", name)
        width = values.shape[-1]
        given = leaves(input=values, weight=random.tensor(width), bias=random.tensor(width))
        output = F.layer_norm(given["input"], [width], given["weight"], given["bias"])
        return answered(name, given, output, random, eps=1e-5)

    random = Random("further layer norm")
    return [
        case("a constant row", torch.cat([random.tensor(2, 6), torch.full((1, 6), 0.75)])),
        case("small numbers", random.tensor(3, 8) / 64),
        case("one row of 12", random.tensor(1, 12)),
    ]


def activations() -> list[Record]:
    outside = torch.tensor([-100.0, -30.0, -12.0, -8.0, 8.0, 12.0, 24.0, 100.0])
    points = torch.cat([torch.arange(-20, 21) / 4, outside]).sort().values

    def case(name: str, function: Callable[[Tensor], Tensor]) -> Record:
        given = leaves(input=points.clone())
        output = function(given["input"])
        backward(output, torch.ones_like(output))
        return {"name": name, "inputs": given, "output": output, "gradients": gradients(given)}

    return [case("silu", F.silu)]


def swiglu() -> list[Record]:
    """Shazeer (2020), equation 6: (silu(x W) * (x V)) W2, with the weights as torch.nn.Linear stores them."""

    def case(name: str, width: int, hidden: int, rows: int) -> Record:
        random = Random("swiglu", name)
        given = leaves(
            input=random.tensor(rows, width),
            gate=random.tensor(hidden, width),
            up=random.tensor(hidden, width),
            down=random.tensor(width, hidden),
        )
        x = given["input"]
        output = F.linear(F.silu(F.linear(x, given["gate"])) * F.linear(x, given["up"]), given["down"])
        return answered(name, given, output, random)

    return [case("4 rows", 6, 8, 4), case("one row", 3, 5, 1)]


def sgd() -> list[Record]:
    """As the optimizers of core.py, with the gradients clipped to a norm where `max_norm` says so."""

    def case(name: str, max_norm: float | None = None, **options: object) -> Record:
        random = Random("SGD", name)
        parameters = [random.tensor(2, 3).requires_grad_(), random.tensor(4).requires_grad_()]
        matrix, right = random.tensor(4, 10), random.tensor(4)
        defaults = {"lr": 0.05, "momentum": 0.0, "dampening": 0.0, "weight_decay": 0.0, "nesterov": False} | options
        stepper = torch.optim.SGD(parameters, **defaults)
        initial, steps = [p.detach().clone() for p in parameters], []
        for _ in range(5):
            stepper.zero_grad()
            joined = torch.cat([p.reshape(-1) for p in parameters])
            loss = (matrix @ joined - right).square().sum() / 2 + (3 * joined).sin().sum()
            loss.backward()
            for p in parameters:
                p.grad = (p.grad * 1024).round() / 1024
            found = [p.grad.clone() for p in parameters]
            norm = None if max_norm is None else torch.nn.utils.clip_grad_norm_(parameters, max_norm)
            clipped = None if max_norm is None else [p.grad.clone() for p in parameters]
            stepper.step()
            steps.append(
                {
                    "gradients": found,
                    "norm": None if norm is None else norm.item(),
                    "clipped": clipped,
                    "parameters": [p.detach().clone() for p in parameters],
                }
            )
        return {
            "name": name,
            "options": {camel_case(key): value for key, value in defaults.items()},
            "maxNorm": max_norm,
            "initial": initial,
            "steps": steps,
        }

    return [
        case("plain"),
        case("weight decay", weight_decay=0.1),
        case("momentum", momentum=0.9),
        case("momentum, weight decay", momentum=0.8, weight_decay=0.05),
        case("momentum, nesterov", momentum=0.9, nesterov=True),
        case("momentum, clipped to 1.5", max_norm=1.5, momentum=0.9),
        case("some steps clipped", max_norm=4.0, lr=0.1),
    ]


def generate() -> int:
    lists = {
        "embedding": embedding(),
        "layerNorm": layer_norm(),
        "activations": activations(),
        "swiglu": swiglu(),
        "sgd": sgd(),
    }
    write("further-core.json", {}, lists)
    return sum(map(len, lists.values()))
