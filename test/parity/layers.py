"""Layer cases: run a layer of PyTorch Geometric in float64 and record everything that goes in and comes out."""

import inspect
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from fixture_format import NearestKink, Random, camel_case, write
from graphs import MIXED, Graph

# Options that do not change what an evaluated layer computes.
UNRECORDED = {"self", "kwargs", "cached", "neg_sample_ratio", "edge_sample_ratio", "is_undirected"}


@dataclass
class Case:
    name: str
    """Arguments of the layer's constructor; the others keep their defaults."""
    arguments: dict[str, object]
    graph: Graph = MIXED
    """Widths of the node features, as in `in_channels`."""
    width: int | tuple[int, int] = 3
    """Bipartite, but without features of the targets."""
    sources_only: bool = False
    """
    Inputs besides the node features and `edge_attr` of the width `edge_dim`: edge_weight, unit_weight (an edge_weight of ones), x_0,
    edge_attr (of the nodes' width).
    """
    extra: tuple[str, ...] = field(default=())


def _recorded(value: object) -> object:
    """A perceptron is recorded as its layers' widths, an activation as its name."""
    if isinstance(value, nn.Sequential):
        linear = [module for module in value if isinstance(module, nn.Linear)]
        return [linear[0].in_features, *(module.out_features for module in linear)]
    return type(value).__name__.lower() if isinstance(value, nn.Module) else value


def _options(layer: nn.Module, arguments: dict[str, object]) -> dict[str, object]:
    options: dict[str, object] = {}
    for name, parameter in inspect.signature(type(layer).__init__).parameters.items():
        if name in UNRECORDED:
            continue
        value = arguments.get(name, parameter.default)
        # GCNConv turns its default `None` into a decision.
        if name == "add_self_loops" and value is None:
            value = layer.add_self_loops
        options[camel_case(name)] = _recorded(value)
    return options


def _edge_weight(case: Case, random: Random) -> Tensor | None:
    edges = len(case.graph.edges)
    if "unit_weight" in case.extra:
        return torch.ones(edges)
    return random.positive(edges) if "edge_weight" in case.extra else None


def _inputs(case: Case, random: Random) -> dict[str, Tensor | None]:
    sources, targets = case.graph.sides
    widths = case.width if isinstance(case.width, tuple) else (case.width, case.width)
    edges = len(case.graph.edges)
    edge_dim = widths[0] if "edge_attr" in case.extra else case.arguments.get("edge_dim")
    bipartite = isinstance(case.graph.nodes, tuple)
    inputs = {
        "x": random.tensor(sources, widths[0]),
        "x_target": random.tensor(targets, widths[1]) if bipartite and not case.sources_only else None,
        "edge_attr": None if edge_dim is None else random.tensor(edges, edge_dim),
        "edge_weight": _edge_weight(case, random),
        "x_0": random.tensor(sources, widths[0]) if "x_0" in case.extra else None,
    }
    return {name: None if value is None else value.requires_grad_() for name, value in inputs.items()}


def _call(layer: nn.Module, case: Case, inputs: dict[str, Tensor | None]):
    accepted = inspect.signature(layer.forward).parameters
    x, x_target = inputs["x"], inputs["x_target"]
    keywords = {name: inputs[name] for name in ("edge_attr", "edge_weight", "x_0") if inputs[name] is not None}
    if case.sources_only:
        keywords["size"] = case.graph.sides
    if "return_attention_weights" in accepted:
        keywords["return_attention_weights"] = True
    features = (x, x_target) if isinstance(case.graph.nodes, tuple) else x
    result = layer(features, edge_index=case.graph.edge_index, **keywords)
    return result if isinstance(result, tuple) else (result, None)


def _gradient(tensor: Tensor) -> Tensor:
    """What takes no part in the result has gradient zero."""
    return torch.zeros_like(tensor) if tensor.grad is None else tensor.grad


def _attempt(layer_class: type[nn.Module], case: Case, attempt: int) -> dict[str, object] | None:
    random = Random(layer_class.__name__, case.name, attempt)
    layer = layer_class(**case.arguments).eval()
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(random.tensor(*parameter.shape))
    inputs = _inputs(case, random)
    kink = NearestKink()
    with kink:
        output, attention = _call(layer, case, inputs)
    if kink.distance < 1e-4:
        return None
    upstream = random.tensor(*output.shape)
    (output * upstream).sum().backward()
    edge_index = case.graph.edge_index
    return {
        "name": case.name,
        "pygArguments": {name: _recorded(value) for name, value in case.arguments.items()},
        "options": _options(layer, case.arguments),
        "graph": {
            "nodes": case.graph.nodes,
            "sources": edge_index[0].tolist(),
            "targets": edge_index[1].tolist(),
        },
        "inputs": {camel_case(name): value for name, value in inputs.items()},
        "parameters": dict(layer.state_dict()),
        "output": output,
        "attention": None
        if attention is None
        else {
            "sources": attention[0][0].tolist(),
            "targets": attention[0][1].tolist(),
            "weights": attention[1],
        },
        "upstream": upstream,
        "gradients": {
            "inputs": {camel_case(name): None if value is None else _gradient(value) for name, value in inputs.items()},
            "parameters": {name: _gradient(value) for name, value in layer.named_parameters()},
        },
    }


def run(layer_class: type[nn.Module], case: Case) -> dict[str, object]:
    for attempt in range(100):
        recorded = _attempt(layer_class, case, attempt)
        if recorded is not None:
            return recorded
    raise RuntimeError(f"{layer_class.__name__} {case.name}: no draw stays clear of the kinks")


def write_layer(file_name: str, layer_class: type[nn.Module], cases: list[Case]) -> int:
    names = [case.name for case in cases]
    assert len(set(names)) == len(names), "two cases share a name"
    write(file_name, {"layer": layer_class.__name__}, {"cases": [run(layer_class, case) for case in cases]})
    return len(cases)
