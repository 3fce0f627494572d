"""Cases for the layers that Vicinal has: GATConv and GATv2Conv, over every option that changes the result."""

from torch_geometric.nn import GATConv, GATv2Conv

from graphs import (
    BIPARTITE,
    CYCLE,
    EMPTY,
    ISOLATED,
    MIXED,
    MORE_SOURCES,
    MORE_TARGETS,
    ONE_NODE,
    ONE_NODE_LOOP,
    REPEATED,
    SELF_LOOPS,
)
from layers import Case, write_layer


def _case(name: str, graph=MIXED, width=3, sources_only=False, **options) -> Case:
    arguments = {"in_channels": width, "out_channels": 2} | options
    return Case(name, arguments, graph, width, sources_only)


def _edge(name: str, graph=MIXED, **options) -> Case:
    return _case(name, graph, **({"edge_dim": 5, "heads": 2, "out_channels": 2} | options))


SHARED = [
    _case("defaults"),
    _case("heads 3", heads=3, out_channels=4),
    _case("heads 8", heads=8, out_channels=2),
    _case("heads 3, mean", heads=3, concat=False),
    _case("heads 8, mean", heads=8, concat=False, out_channels=2),
    _case("slope 0.05", heads=2, negative_slope=0.05),
    _case("no self-loops", heads=3, add_self_loops=False),
    _case("no bias", heads=2, bias=False),
    _case("residual", heads=3, residual=True),
    _case("residual, mean", heads=3, concat=False, residual=True),
    _edge("edge attributes, loops by mean"),
    _edge("edge attributes, loops by add", fill_value="add"),
    _edge("edge attributes, loops by max", fill_value="max"),
    _edge("edge attributes, loops by min", fill_value="min"),
    _edge("edge attributes, loops by mul", fill_value="mul"),
    _edge("edge attributes, loops 0.5", fill_value=0.5),
    _edge("edge attributes, no self-loops", add_self_loops=False),
    _edge("edge attributes of width 1", edge_dim=1),
    _edge(
        "edge attributes, every other option",
        heads=3,
        concat=False,
        negative_slope=0.05,
        add_self_loops=False,
        bias=False,
        residual=True,
    ),
    _case("bipartite, more sources", MORE_SOURCES, (3, 2), heads=2),
    _case("bipartite, more targets", MORE_TARGETS, (2, 3), heads=2),
    _case("bipartite, no self-loops", MORE_SOURCES, (3, 2), heads=2, add_self_loops=False),
    _case("bipartite, more targets, no self-loops", MORE_TARGETS, (2, 3), heads=2, add_self_loops=False),
    _case("bipartite, edge attributes", MORE_SOURCES, (3, 2), heads=2, edge_dim=5),
    _case("bipartite, edge attributes, no self-loops", MORE_TARGETS, (3, 2), edge_dim=5, add_self_loops=False),
    _case("bipartite, residual", MORE_SOURCES, (3, 2), heads=2, residual=True),
    _case("bipartite, residual, mean", MORE_TARGETS, (2, 3), heads=2, residual=True, concat=False),
    _case("simple graph", CYCLE, heads=2),
    _case("simple graph, no self-loops", CYCLE, heads=2, add_self_loops=False),
    _case("graph with self-loops", SELF_LOOPS, heads=2),
    _case("graph with self-loops, no self-loops added", SELF_LOOPS, heads=2, add_self_loops=False),
    _edge("graph with self-loops, edge attributes", SELF_LOOPS),
    _case("repeated edges", REPEATED, heads=2),
    _edge("repeated edges, edge attributes", REPEATED),
    _case("isolated nodes", ISOLATED, heads=2),
    _case("isolated nodes, no self-loops", ISOLATED, heads=2, add_self_loops=False),
    _edge("isolated nodes, edge attributes, loops by max", ISOLATED, fill_value="max"),
    _case("one node", ONE_NODE, heads=2),
    _case("one node, no self-loops", ONE_NODE, heads=2, add_self_loops=False),
    _case("one node with a self-loop", ONE_NODE_LOOP, heads=2),
    _case("no edges", EMPTY, heads=2),
    _case("no edges, no self-loops", EMPTY, heads=2, add_self_loops=False),
    _edge("no edges, edge attributes", EMPTY),
    _edge("no edges, edge attributes, no self-loops", EMPTY, add_self_loops=False),
]

GAT = [
    *SHARED,
    _case("bipartite, no target features", MORE_SOURCES, (3, 2), sources_only=True, heads=2),
    _case("bipartite, no target features, more targets", MORE_TARGETS, (3, 2), sources_only=True, heads=2),
    _case(
        "bipartite, no target features, no self-loops",
        BIPARTITE,
        (3, 2),
        sources_only=True,
        heads=2,
        add_self_loops=False,
    ),
    Case("bipartite, one weight for both sides", {"in_channels": 3, "out_channels": 2, "heads": 3}, BIPARTITE, (3, 3)),
]

GATV2 = [
    *SHARED,
    _case("shared weights", heads=3, share_weights=True),
    _case("shared weights, mean, no bias", heads=2, concat=False, share_weights=True, bias=False),
    _case("shared weights, edge attributes, residual", heads=2, edge_dim=5, share_weights=True, residual=True),
    _case("shared weights, bipartite", BIPARTITE, (3, 3), heads=2, share_weights=True),
]


def generate() -> int:
    return write_layer("gat-conv.json", GATConv, GAT) + write_layer("gatv2-conv.json", GATv2Conv, GATV2)
