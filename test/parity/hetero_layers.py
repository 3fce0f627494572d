"""Layers over nodes and edges of several types, and the GPS layer: RGATConv, HGTConv, HANConv, GPSConv."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch_geometric.nn import GATConv, GPSConv, HANConv, HGTConv, RGATConv

from fixture_format import NearestKink, Random, camel_case, write
from graphs import EMPTY, ISOLATED, MIXED, REPEATED, SELF_LOOPS, Graph
from recording import Record, backward, drawn, gradients, leaves, parameter_gradients, parameters


def _options(layer: nn.Module, arguments: dict[str, object], leave_out: tuple[str, ...]) -> Record:
    signature = inspect.signature(type(layer).__init__).parameters
    names = [name for name in signature if name not in ("self", "kwargs", *leave_out)]
    return {camel_case(name): arguments.get(name, signature[name].default) for name in names}


# RGATConv


@dataclass
class RelationalCase:
    name: str
    arguments: dict[str, object] = field(default_factory=dict)
    graph: Graph = MIXED
    """The relation of each edge; three relations in turn if left out."""
    edge_types: list[int] | None = None


def _relational(case: RelationalCase, attempt: int) -> Record:
    random = Random("RGATConv", case.name, attempt)
    arguments = {"in_channels": 4, "out_channels": 2, "num_relations": 4} | case.arguments
    layer = drawn(RGATConv(**arguments).eval(), random)
    edges = len(case.graph.edges)
    edge_types = case.edge_types if case.edge_types is not None else [(5 * e) % 7 % 3 for e in range(edges)]
    edge_dim = arguments.get("edge_dim")
    inputs = leaves(
        x=random.tensor(case.graph.sides[0], 4),
        edge_attr=None if edge_dim is None else random.tensor(edges, edge_dim),
    )
    output, (_, weights) = layer(
        inputs["x"],
        case.graph.edge_index,
        torch.tensor(edge_types, dtype=torch.long),
        inputs["edge_attr"],
        return_attention_weights=True,
    )
    upstream = random.tensor(*output.shape)
    backward(output, upstream)
    edge_index = case.graph.edge_index
    return {
        "name": case.name,
        "options": _options(layer, arguments, ()),
        "graph": {
            "nodes": case.graph.nodes,
            "sources": edge_index[0].tolist(),
            "targets": edge_index[1].tolist(),
            "edgeTypes": edge_types,
        },
        "inputs": {camel_case(name): value for name, value in inputs.items()},
        "parameters": parameters(layer),
        "output": output,
        "weights": weights,
        "upstream": upstream,
        "gradients": {"inputs": gradients(inputs), "parameters": parameter_gradients(layer)},
    }


def _relational_cases() -> list[RelationalCase]:
    product = {"attention_mode": "multiplicative-self-attention"}
    within = {"attention_mechanism": "within-relation"}
    cases = [
        RelationalCase("defaults"),
        RelationalCase("heads 3", {"heads": 3}),
        RelationalCase("heads 3, mean", {"heads": 3, "concat": False}),
        RelationalCase("within relations", {"heads": 2} | within),
        RelationalCase("multiplicative", {"heads": 2} | product),
        RelationalCase("multiplicative, dim 3", {"heads": 2, "dim": 3} | product),
        RelationalCase("multiplicative, dim 3, mean", {"heads": 2, "dim": 3, "concat": False} | product),
        RelationalCase("multiplicative, dim 2, within relations", {"heads": 2, "dim": 2} | product | within),
        RelationalCase("slope 0.05, no bias", {"negative_slope": 0.05, "bias": False}),
        RelationalCase("bases", {"num_bases": 2, "heads": 2}),
        RelationalCase("blocks", {"num_blocks": 2, "heads": 2}),
        RelationalCase("bases, within relations", {"num_bases": 3} | within),
        RelationalCase("edge attributes", {"edge_dim": 3, "heads": 2}),
        RelationalCase("edge attributes, within relations", {"edge_dim": 3, "heads": 2} | within),
        RelationalCase("edge attributes, multiplicative, dim 2", {"edge_dim": 3, "heads": 2, "dim": 2} | product),
        RelationalCase("self-loops", {"heads": 2}, SELF_LOOPS),
        RelationalCase("repeated edges", {"heads": 2} | within, REPEATED),
        RelationalCase("isolated nodes", {"heads": 2, "edge_dim": 3}, ISOLATED),
        RelationalCase("no edges", {"heads": 2}, EMPTY),
        RelationalCase("the last relation alone", {"heads": 2}, REPEATED, [3] * len(REPEATED.edges)),
    ]
    for mod in ("additive", "scaled", "f-additive", "f-scaled"):
        cases += [
            RelationalCase(f"mod {mod}", {"mod": mod, "heads": 2}),
            RelationalCase(f"mod {mod}, within relations, mean", {"mod": mod, "heads": 2, "concat": False} | within),
            RelationalCase(f"mod {mod}, multiplicative, dim 2", {"mod": mod, "heads": 2, "dim": 2} | product),
        ]
    return cases


# HGTConv and HANConv

Edges = tuple[tuple[int, int], ...]
Relation = tuple[str, str, str]


@dataclass(frozen=True)
class TypedGraph:
    """Types in an order that is not the alphabet's; PyTorch Geometric's HGTConv needs the edges in that of the metadata."""

    nodes: dict[str, int]
    edges: dict[Relation, Edges]


LIBRARY = TypedGraph(
    {"paper": 5, "author": 4, "venue": 2},
    {
        ("venue", "prints", "paper"): ((0, 0), (0, 1), (1, 2), (1, 4)),
        ("paper", "cites", "paper"): ((0, 1), (1, 1), (2, 0), (0, 1), (4, 0), (3, 3)),
        ("author", "writes", "paper"): ((0, 0), (1, 0), (1, 1), (2, 4), (0, 4), (0, 0)),
        ("paper", "writes", "author"): ((0, 0), (0, 1), (1, 1), (4, 2), (4, 0)),
        ("author", "edits", "paper"): ((2, 0), (2, 1), (0, 3)),
    },
)
# No edge of "edits"; paper 2 has no in-edge, nor has author 3.
SPARSE = TypedGraph(
    LIBRARY.nodes,
    {
        relation: () if relation[1] == "edits" else tuple(edge for edge in edges if edge[1] != 2)
        for relation, edges in LIBRARY.edges.items()
    },
)
ONE_TYPE = TypedGraph({"user": 4}, {("user", "follows", "user"): ((0, 1), (2, 1), (3, 0), (1, 1), (0, 1))})
NO_EDGES = TypedGraph(LIBRARY.nodes, {relation: () for relation in LIBRARY.edges})


@dataclass
class TypedCase:
    name: str
    arguments: dict[str, object] = field(default_factory=dict)
    graph: TypedGraph = LIBRARY
    widths: int | dict[str, int] = field(default_factory=lambda: {"paper": 3, "author": 4, "venue": 2})


def _typed(layer_class: type[nn.Module], case: TypedCase, attempt: int) -> Record:
    random = Random(layer_class.__name__, case.name, attempt)
    types, relations = list(case.graph.nodes), list(case.graph.edges)
    arguments = {"in_channels": case.widths, "out_channels": 4, "metadata": (types, relations)} | case.arguments
    layer = drawn(layer_class(**arguments).eval(), random)
    widths = case.widths if isinstance(case.widths, dict) else {type_: case.widths for type_ in types}
    x = leaves(**{type_: random.tensor(count, widths[type_]) for type_, count in case.graph.nodes.items()})
    edges = {
        relation: torch.tensor(pairs, dtype=torch.long).reshape(-1, 2).t().contiguous()
        for relation, pairs in case.graph.edges.items()
    }
    outputs = {type_: output for type_, output in layer(x, edges).items() if output is not None}
    upstream = {type_: random.tensor(*output.shape) for type_, output in outputs.items()}
    sum((outputs[type_] * upstream[type_]).sum() for type_ in outputs).backward()
    return {
        "name": case.name,
        "options": _options(layer, arguments, ("metadata",)),
        "nodeTypes": types,
        "nodes": [case.graph.nodes[type_] for type_ in types],
        "relations": [
            {
                "source": source,
                "type": type_,
                "target": target,
                "sources": edges[source, type_, target][0].tolist(),
                "targets": edges[source, type_, target][1].tolist(),
            }
            for source, type_, target in relations
        ],
        "inputs": x,
        "parameters": parameters(layer),
        "outputs": outputs,
        "upstream": upstream,
        "gradients": {
            "inputs": {type_: torch.zeros_like(leaf) if leaf.grad is None else leaf.grad for type_, leaf in x.items()},
            "parameters": parameter_gradients(layer),
        },
    }


def _shared_cases() -> list[TypedCase]:
    return [
        TypedCase("defaults"),
        TypedCase("heads 2", {"heads": 2}),
        TypedCase("heads 4", {"heads": 4}),
        TypedCase("a width that is the output's", {"heads": 2}, widths=4),
        TypedCase("a relation without edges, nodes without in-edges", {"heads": 2}, SPARSE),
        TypedCase("one type", {"heads": 2}, ONE_TYPE, 3),
        TypedCase("one type, a width that is the output's", {"heads": 2}, ONE_TYPE, 4),
    ]


def _hgt_cases() -> list[TypedCase]:
    return [*_shared_cases(), TypedCase("no edges", {"heads": 2}, NO_EDGES)]


def _han_cases() -> list[TypedCase]:
    # Without any edge every z is zero, which lies on the kink of the ReLU.
    return [*_shared_cases(), TypedCase("slope 0.05", {"heads": 2, "negative_slope": 0.05})]


# GPSConv


@dataclass
class GPSCase:
    name: str
    arguments: dict[str, object] = field(default_factory=dict)
    graph: Graph = MIXED
    lengths: tuple[int, ...] = (7,)
    """Arguments of the GATConv inside; None for none."""
    conv: dict[str, object] | None = field(default_factory=dict)
    training: bool = False


# Three graphs of 3, 1 and 3 nodes.
BATCH = Graph(((0, 1), (1, 2), (2, 0), (3, 3), (4, 5), (5, 6), (6, 4), (4, 6)), 7)
CHANNELS = 4


def _gps(case: GPSCase, attempt: int) -> Record:
    random = Random("GPSConv", case.name, attempt)
    conv = None
    if case.conv is not None:
        conv = GATConv(CHANNELS, CHANNELS // case.conv.get("heads", 1), **case.conv)
    layer = drawn(GPSConv(CHANNELS, conv, **case.arguments), random).train(case.training)
    for name, buffer in layer.named_buffers():
        if name.endswith("running_mean"):
            buffer.copy_(random.tensor(CHANNELS) / 2)
        elif name.endswith("running_var"):
            buffer.copy_(random.positive(CHANNELS))
    before = {name: value.clone() for name, value in parameters(layer).items() if value.is_floating_point()}
    edge_dim = (case.conv or {}).get("edge_dim")
    inputs = leaves(
        x=random.tensor(case.graph.sides[0], CHANNELS),
        edge_attr=None if edge_dim is None else random.tensor(len(case.graph.edges), edge_dim),
    )
    batch = torch.repeat_interleave(torch.arange(len(case.lengths)), torch.tensor(case.lengths))
    keywords = {} if edge_dim is None else {"edge_attr": inputs["edge_attr"]}
    output = layer(inputs["x"], case.graph.edge_index, batch, **keywords)
    upstream = random.tensor(*output.shape)
    backward(output, upstream)
    edge_index = case.graph.edge_index
    norm_kwargs = case.arguments.get("norm_kwargs") or {}
    running = {name: buffer for name, buffer in layer.named_buffers() if buffer.is_floating_point()}
    return {
        "name": case.name,
        "options": {
            "channels": CHANNELS,
            "heads": case.arguments.get("heads", 1),
            "act": case.arguments.get("act", "relu"),
            "norm": case.arguments.get("norm", "batch_norm") or "none",
            "normMode": norm_kwargs.get("mode", "graph"),
            "conv": None
            if case.conv is None
            else {"heads": case.conv.get("heads", 1), "edgeDim": case.conv.get("edge_dim")},
        },
        "training": case.training,
        "graph": {"nodes": case.graph.nodes, "sources": edge_index[0].tolist(), "targets": edge_index[1].tolist()},
        "lengths": list(case.lengths),
        "inputs": {camel_case(name): value for name, value in inputs.items()},
        "parameters": before,
        "output": output,
        "running": running,
        "upstream": upstream,
        "gradients": {"inputs": gradients(inputs), "parameters": parameter_gradients(layer)},
    }


def _gps_cases() -> list[GPSCase]:
    lengths = (3, 1, 3)
    node = {"norm": "layer_norm", "norm_kwargs": {"mode": "node"}}
    return [
        GPSCase("defaults"),
        GPSCase("defaults, training", training=True),
        GPSCase("heads 2, a batch", {"heads": 2}, BATCH, lengths),
        GPSCase("heads 2, a batch, training", {"heads": 2}, BATCH, lengths, training=True),
        GPSCase("gelu, conv of two heads", {"heads": 4, "act": "gelu"}, BATCH, lengths, {"heads": 2}),
        GPSCase("layer norm of graphs", {"norm": "layer_norm", "heads": 2}, BATCH, lengths),
        GPSCase("layer norm of graphs, one graph", {"norm": "layer_norm"}),
        GPSCase("layer norm of nodes", {"heads": 2} | node, BATCH, lengths),
        GPSCase("no norm", {"norm": None, "heads": 2}, BATCH, lengths),
        GPSCase("no conv", {"heads": 2}, BATCH, lengths, None),
        GPSCase("edge attributes", {"heads": 2}, conv={"heads": 2, "edge_dim": 3}),
    ]


class NearestMovableKink(NearestKink):
    """Leaves out what is exactly zero because no edge arrives there: no parameter moves it, and no gradient passes."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if func.overloadpacket is torch.ops.aten.relu and args[0].numel() > 0:
            distances = args[0].detach().abs()
            moved = distances[distances > 0]
            self.distance = min([self.distance, *moved.tolist()])
            return func(*args, **(kwargs or {}))
        return super().__torch_dispatch__(func, types, args, kwargs)


def _recorded(cases: list, attempt: Callable[[object, int], Record]) -> list[Record]:
    assert len({case.name for case in cases}) == len(cases), "two cases share a name"
    return [_clear_of_kinks(lambda number, case=case: attempt(case, number)) for case in cases]


def _clear_of_kinks(attempt: Callable[[int], Record]) -> Record:
    for number in range(100):
        kink = NearestMovableKink()
        with kink:
            recorded = attempt(number)
        if kink.distance >= 1e-4:
            return recorded
    raise RuntimeError("no draw stays clear of the kinks")


def generate() -> int:
    files = {
        "rgat-conv.json": ("RGATConv", _recorded(_relational_cases(), _relational)),
        "hgt-conv.json": ("HGTConv", _recorded(_hgt_cases(), lambda case, number: _typed(HGTConv, case, number))),
        "han-conv.json": ("HANConv", _recorded(_han_cases(), lambda case, number: _typed(HANConv, case, number))),
        "gps-conv.json": ("GPSConv", _recorded(_gps_cases(), _gps)),
    }
    for file, (layer, cases) in files.items():
        write(file, {"layer": layer}, {"cases": cases})
    return sum(len(cases) for _, cases in files.values())
