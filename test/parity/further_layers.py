"""Cases for the layers beside the GAT family, over every option that changes the result."""

from torch import nn
from torch_geometric.nn import (
    AGNNConv,
    FAConv,
    GCNConv,
    GINConv,
    GINEConv,
    ResGatedGraphConv,
    SAGEConv,
    SuperGATConv,
    TransformerConv,
)

from graphs import CYCLE, EMPTY, ISOLATED, MIXED, MORE_SOURCES, MORE_TARGETS, REPEATED
from layers import Case, write_layer


def _case(name: str, graph=MIXED, width=3, sources_only=False, extra=(), **options) -> Case:
    arguments = {"in_channels": width, "out_channels": 2} | options
    return Case(name, arguments, graph, width, sources_only, extra)


def _perceptron() -> nn.Sequential:
    return nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))


TRANSFORMER = [
    _case("defaults"),
    _case("heads 3", heads=3, out_channels=4),
    _case("heads 3, mean", heads=3, concat=False),
    _case("beta", heads=2, beta=True),
    _case("beta, mean", heads=2, beta=True, concat=False),
    _case("edge attributes", heads=2, edge_dim=5),
    _case("edge attributes, beta, mean", heads=2, edge_dim=5, beta=True, concat=False),
    _case("no root weight", heads=2, root_weight=False),
    _case("no bias", heads=2, bias=False),
    _case("bipartite", MORE_SOURCES, (3, 2), heads=2),
    _case("bipartite, beta, edge attributes", MORE_TARGETS, (2, 3), heads=2, beta=True, edge_dim=5),
    _case("isolated nodes", ISOLATED, heads=2),
    _case("no edges", EMPTY, heads=2),
    _case("beta, no root weight", CYCLE, heads=2, beta=True, root_weight=False),
    _case("repeated edges, edge attributes", REPEATED, heads=2, edge_dim=2, bias=False),
]

GCN = [
    _case("defaults"),
    _case("edge weights", extra=("edge_weight",)),
    # Without edge weights PyTorch Geometric adds loops that count 1, against its own formula.
    _case("improved, edge weights of 1", improved=True, extra=("unit_weight",)),
    _case("improved, edge weights", improved=True, extra=("edge_weight",)),
    _case("no self-loops", add_self_loops=False),
    _case("no self-loops, edge weights", add_self_loops=False, extra=("edge_weight",)),
    _case("not normalized", normalize=False),
    _case("not normalized, edge weights", normalize=False, extra=("edge_weight",)),
    _case("repeated edges, edge weights", REPEATED, extra=("edge_weight",)),
    _case("no bias", CYCLE, bias=False),
    _case("no edges", EMPTY),
]

SAGE = [
    _case("defaults"),
    _case("max", aggr="max"),
    _case("sum", aggr="sum"),
    _case("min", aggr="min"),
    _case("wider", out_channels=5),
    _case("wider, sum", REPEATED, out_channels=5, aggr="sum"),
    _case("normalize", CYCLE, normalize=True),
    _case("no root weight", root_weight=False),
    _case("project", project=True),
    _case("no bias", CYCLE, bias=False),
    _case("bipartite", MORE_SOURCES, (3, 2)),
    _case("bipartite, no target features", MORE_TARGETS, (3, 2), sources_only=True),
    _case("bipartite, every other option", MORE_TARGETS, (3, 2), aggr="max", normalize=True, project=True, bias=False),
]

AGNN = [
    Case("defaults", {}),
    Case("no self-loops", {"add_self_loops": False}),
    Case("fixed beta", {"requires_grad": False}, CYCLE),
    Case("isolated nodes", {}, ISOLATED),
    Case("no edges, no self-loops", {"add_self_loops": False}, EMPTY),
]

SUPERGAT = [
    _case("defaults"),
    _case("MX, heads 3, mean", heads=3, concat=False),
    _case("SD", attention_type="SD"),
    _case("SD, heads 3", heads=3, attention_type="SD"),
    _case("SD, no self-loops, slope 0.05", attention_type="SD", heads=2, add_self_loops=False, negative_slope=0.05),
    _case("no bias", CYCLE, heads=2, bias=False),
    _case("MX, no self-loops", REPEATED, heads=2, add_self_loops=False),
    _case("isolated nodes", ISOLATED, heads=2, concat=False),
]

RES_GATED = [
    _case("defaults"),
    _case("edge attributes", edge_dim=5),
    _case("no root weight", root_weight=False),
    _case("no bias", CYCLE, bias=False),
    _case("bipartite", MORE_SOURCES, (3, 2)),
    _case("bipartite, edge attributes", MORE_TARGETS, (3, 2), edge_dim=2),
    _case("gates by tanh", CYCLE, act=nn.Tanh()),
    _case("isolated nodes", ISOLATED),
]

FA = [
    Case("defaults", {"channels": 3}, extra=("x_0",)),
    Case("eps 0.3", {"channels": 3, "eps": 0.3}, CYCLE, extra=("x_0",)),
    Case("no self-loops", {"channels": 3, "add_self_loops": False}, extra=("x_0",)),
    Case("not normalized, edge weights", {"channels": 3, "normalize": False}, extra=("x_0", "edge_weight")),
    Case("eps 0", {"channels": 3, "eps": 0.0}, REPEATED, extra=("x_0",)),
    Case("isolated nodes, no self-loops", {"channels": 3, "add_self_loops": False}, ISOLATED, extra=("x_0",)),
]


# Lists made on call: every case needs a perceptron of its own.
def _gin() -> list[Case]:
    return [
        Case("defaults", {"nn": _perceptron()}),
        Case("eps 0.25", {"nn": _perceptron(), "eps": 0.25}, CYCLE),
        Case("learned eps", {"nn": _perceptron(), "train_eps": True, "eps": 0.5}, REPEATED),
        Case("isolated nodes", {"nn": _perceptron()}, ISOLATED),
        Case("bipartite", {"nn": _perceptron()}, MORE_SOURCES),
        Case("bipartite, no target features", {"nn": _perceptron()}, MORE_TARGETS, sources_only=True),
    ]


def _gine() -> list[Case]:
    return [
        Case("defaults, edge attributes projected", {"nn": _perceptron(), "edge_dim": 5}),
        Case("eps 0.25", {"nn": _perceptron(), "eps": 0.25, "edge_dim": 5}, CYCLE),
        Case("learned eps", {"nn": _perceptron(), "train_eps": True, "edge_dim": 5}, CYCLE),
        Case("isolated nodes", {"nn": _perceptron(), "edge_dim": 2}, ISOLATED),
        Case("edge attributes as they are", {"nn": _perceptron()}, REPEATED, extra=("edge_attr",)),
        Case("bipartite", {"nn": _perceptron(), "edge_dim": 2}, MORE_TARGETS),
    ]


def generate() -> int:
    return (
        write_layer("transformer-conv.json", TransformerConv, TRANSFORMER)
        + write_layer("gcn-conv.json", GCNConv, GCN)
        + write_layer("sage-conv.json", SAGEConv, SAGE)
        + write_layer("agnn-conv.json", AGNNConv, AGNN)
        + write_layer("supergat-conv.json", SuperGATConv, SUPERGAT)
        + write_layer("gin-conv.json", GINConv, _gin())
        + write_layer("gine-conv.json", GINEConv, _gine())
        + write_layer("res-gated-graph-conv.json", ResGatedGraphConv, RES_GATED)
        + write_layer("fa-conv.json", FAConv, FA)
    )
