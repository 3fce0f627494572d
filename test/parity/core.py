"""Cases from plain PyTorch, and the softmax over segments of PyTorch Geometric: core.json."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor
from torch_geometric.utils import softmax

from fixture_format import Random, camel_case, write
from recording import Record, answered, backward, gradients, leaves


def attention() -> list[Record]:
    """Recorded as [positions, heads, channels]; PyTorch wants [heads, positions, channels]."""

    def case(name: str, queries: int, keys: int, value_channels: int, causal=False, bias=False, scale=None) -> Record:
        random, heads, channels = Random("attention", name), 2, 3
        given = leaves(
            query=random.tensor(queries, heads, channels),
            key=random.tensor(keys, heads, channels),
            value=random.tensor(keys, heads, value_channels),
            bias=random.tensor(heads, queries, keys) if bias else None,
        )
        query, key, value = (given[name].transpose(0, 1) for name in ("query", "key", "value"))
        output = F.scaled_dot_product_attention(
            query, key, value, attn_mask=given["bias"], is_causal=causal, scale=scale
        ).transpose(0, 1)
        scores = query @ key.transpose(1, 2) * (scale or channels**-0.5)
        if bias:
            scores = scores + given["bias"]
        if causal:
            scores = scores.masked_fill(torch.ones(queries, keys).triu(1).bool(), float("-inf"))
        weights = scores.softmax(dim=-1)
        assert torch.allclose((weights @ value).transpose(0, 1), output, atol=1e-13)
        upstream = random.tensor(*output.shape)
        backward(output, upstream)
        return {
            "name": name,
            "causal": causal,
            "scale": scale or channels**-0.5,
            "inputs": given,
            "output": output,
            "weights": weights,
            "upstream": upstream,
            "gradients": gradients(given),
        }

    return [
        case("self", 5, 5, 3),
        case("cross", 4, 6, 5),
        case("causal", 5, 5, 3, causal=True),
        case("cross, bias", 3, 4, 3, bias=True),
        case("self, scale 1", 4, 4, 3, scale=1.0),
        case("one position", 1, 1, 2),
    ]


def segment_softmax() -> list[Record]:
    def case(name: str, index: list[int], segments: int, heads: int, scale: float = 1) -> Record:
        random = Random("segment softmax", name)
        given = leaves(input=random.tensor(len(index), heads) * scale)
        output = softmax(given["input"], torch.tensor(index, dtype=torch.long), num_nodes=segments)
        return answered(name, given, output, random, index=index, segments=segments)

    return [
        case("sorted", [0, 0, 0, 1, 1, 2], 3, 2),
        case("any order, empty segments", [4, 1, 4, 0, 1, 4, 0, 4, 2], 6, 3),
        case("large scores", [0, 1, 0, 1, 0], 2, 2, scale=512),
        case("nothing", [], 3, 2),
    ]


def layer_norm() -> list[Record]:
    def case(name: str, shape: tuple[int, ...], affine: bool, eps: float) -> Record:
        random = Random("layer norm", name)
        given = leaves(
            input=random.tensor(*shape),
            weight=random.tensor(shape[-1]) if affine else None,
            bias=random.tensor(shape[-1]) if affine else None,
        )
        output = F.layer_norm(given["input"], shape[-1:], given["weight"], given["bias"], eps)
        return answered(name, given, output, random, eps=eps)

    return [
        case("affine", (5, 6), True, 1e-5),
        case("not affine", (4, 3), False, 1e-5),
        case("eps 0.1", (3, 4), True, 0.1),
    ]


def linear() -> list[Record]:
    def case(name: str, rows: int, bias: bool) -> Record:
        random = Random("linear", name)
        given = leaves(
            input=random.tensor(rows, 4), weight=random.tensor(3, 4), bias=random.tensor(3) if bias else None
        )
        output = F.linear(**given)
        return answered(name, given, output, random)

    return [case("bias", 5, True), case("no bias", 5, False), case("one row", 1, True)]


def log_softmax() -> list[Record]:
    def case(name: str, scale: float) -> Record:
        random = Random("log-softmax", name)
        given = leaves(input=random.tensor(5, 4) * scale)
        output = F.log_softmax(given["input"], dim=1)
        return answered(name, given, output, random)

    return [case("small", 1), case("large", 512)]


def cross_entropy() -> list[Record]:
    def case(name: str, weight=False, ignore: int | None = None, smoothing=0.0, reduction="mean") -> Record:
        random, rows, classes = Random("cross-entropy", name), 7, 4
        labels = random.integers(classes, rows)
        if ignore is not None:
            labels[1] = labels[4] = ignore
        class_weights = random.positive(classes) if weight else None
        given = leaves(logits=random.tensor(rows, classes) * 2)
        loss = F.cross_entropy(
            given["logits"],
            labels,
            weight=class_weights,
            ignore_index=-100 if ignore is None else ignore,
            label_smoothing=smoothing,
            reduction=reduction,
        )
        loss.backward()
        return {
            "name": name,
            "labels": labels.tolist(),
            "classWeights": class_weights,
            "ignoreIndex": ignore,
            "labelSmoothing": smoothing,
            "reduction": reduction,
            "inputs": given,
            "output": loss,
            "gradients": gradients(given),
        }

    return [
        case("mean"),
        case("sum", reduction="sum"),
        case("class weights", weight=True),
        case("class weights, sum", weight=True, reduction="sum"),
        case("ignored label", ignore=-1),
        case("ignored label that is a class", ignore=2),
        case("label smoothing", smoothing=0.1),
        case("label smoothing, class weights", smoothing=0.2, weight=True),
        case("label smoothing, class weights, ignored label", smoothing=0.2, weight=True, ignore=-1),
        case("label smoothing, ignored label, sum", smoothing=0.1, ignore=-1, reduction="sum"),
    ]


def binary_cross_entropy() -> list[Record]:
    def case(name: str, weight=False, positive_weight=False, soft=False, scale=2.0, reduction="mean") -> Record:
        random, rows, columns = Random("binary cross-entropy", name), 6, 3
        labels = random.positive(rows, columns) / 2 if soft else random.integers(2, rows * columns).reshape(rows, -1)
        weights = random.positive(rows, columns) if weight else None
        positive_weights = random.positive(columns) if positive_weight else None
        given = leaves(logits=random.tensor(rows, columns) * scale)
        loss = F.binary_cross_entropy_with_logits(
            given["logits"], labels.double(), weight=weights, pos_weight=positive_weights, reduction=reduction
        )
        loss.backward()
        return {
            "name": name,
            "labels": labels.double(),
            "weights": weights,
            "positiveWeights": positive_weights,
            "reduction": reduction,
            "inputs": given,
            "output": loss,
            "gradients": gradients(given),
        }

    return [
        case("mean"),
        case("sum", reduction="sum"),
        case("weights", weight=True),
        case("positive weights", positive_weight=True),
        case("weights, positive weights, sum", weight=True, positive_weight=True, reduction="sum"),
        case("soft labels", soft=True),
        case("large logits", scale=512.0, positive_weight=True),
    ]


def activations() -> list[Record]:
    # The kink at 0 is included: PyTorch takes the slope of the negative side there. Nothing between 16 and 24,
    # because PyTorch's softplus becomes the identity at 20, 2e-9 away from the formula.
    outside = torch.tensor([-100.0, -30.0, -12.0, -8.0, 8.0, 12.0, 16.0, 24.0, 100.0])
    points = torch.cat([torch.arange(-20, 21) / 4 + 0.0, outside]).sort().values

    def case(name: str, options: Record, function: Callable[[Tensor], Tensor]) -> Record:
        given = leaves(input=points.clone())
        output = function(given["input"])
        backward(output, torch.ones_like(output))
        return {"name": name, "options": options, "inputs": given, "output": output, "gradients": gradients(given)}

    return [
        case("elu", {"alpha": 1.0}, F.elu),
        case("elu", {"alpha": 0.5}, lambda x: F.elu(x, 0.5)),
        case("leakyRelu", {"negativeSlope": 0.2}, lambda x: F.leaky_relu(x, 0.2)),
        case("leakyRelu", {"negativeSlope": 0.01}, F.leaky_relu),
        case("relu", {}, F.relu),
        case("sigmoid", {}, torch.sigmoid),
        case("tanh", {}, torch.tanh),
        case("softplus", {}, F.softplus),
        case("gelu", {"approximate": "none"}, F.gelu),
        case("gelu", {"approximate": "tanh"}, lambda x: F.gelu(x, approximate="tanh")),
    ]


def optimizers() -> list[Record]:
    """Minimise |A p - b|^2 / 2 + sum sin(3 p). The gradients are rounded to 1/1024 before the step sees them."""

    def case(name: str, optimizer: type[torch.optim.Optimizer], **options: object) -> Record:
        random = Random("optimizer", name)
        parameter = random.tensor(2, 3).requires_grad_()
        matrix, right = random.tensor(4, 6), random.tensor(4)
        defaults = {"lr": 1e-3, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.0, "amsgrad": False} | options
        stepper = optimizer([parameter], **defaults)
        initial, gradients, parameters = parameter.detach().clone(), [], []
        for _ in range(5):
            stepper.zero_grad()
            loss = (matrix @ parameter.reshape(-1) - right).square().sum() / 2 + (3 * parameter).sin().sum()
            loss.backward()
            parameter.grad = (parameter.grad * 1024).round() / 1024
            gradients.append(parameter.grad.clone())
            stepper.step()
            parameters.append(parameter.detach().clone())
        return {
            "name": name,
            "optimizer": optimizer.__name__,
            "options": {camel_case(key): value for key, value in defaults.items()},
            "initial": initial,
            "gradients": gradients,
            "parameters": parameters,
        }

    return [
        case("Adam", torch.optim.Adam, lr=0.05),
        case("Adam, weight decay", torch.optim.Adam, lr=0.05, weight_decay=0.1),
        case("Adam, betas and eps", torch.optim.Adam, lr=0.02, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.01),
        case("Adam, amsgrad", torch.optim.Adam, lr=0.05, amsgrad=True),
        case("AdamW, weight decay", torch.optim.AdamW, lr=0.05, weight_decay=0.1),
        case("AdamW, betas and eps", torch.optim.AdamW, lr=0.02, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.5),
    ]


def generate() -> int:
    lists = {
        "attention": attention(),
        "segmentSoftmax": segment_softmax(),
        "layerNorm": layer_norm(),
        "linear": linear(),
        "logSoftmax": log_softmax(),
        "crossEntropy": cross_entropy(),
        "binaryCrossEntropy": binary_cross_entropy(),
        "activations": activations(),
        "optimizers": optimizers(),
    }
    write("core.json", {}, lists)
    return sum(map(len, lists.values()))
