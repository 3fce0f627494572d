"""The self-supervised loss of SuperGATConv, with given negatives: `get_attention_loss` after a forward pass in training."""

import torch
from torch import Tensor
from torch_geometric.nn import SuperGATConv

from fixture_format import Random, write
from graphs import CYCLE, ISOLATED, MIXED, REPEATED, Graph
from recording import drawn, gradients, leaves, parameter_gradients, parameters

CASES: list[tuple[str, Graph, dict[str, object]]] = [
    ("MX", MIXED, {}),
    ("MX, heads 3, mean", CYCLE, {"heads": 3, "concat": False}),
    ("MX, no self-loops", REPEATED, {"heads": 2, "add_self_loops": False}),
    ("SD", MIXED, {"attention_type": "SD"}),
    ("SD, heads 3", ISOLATED, {"attention_type": "SD", "heads": 3}),
]


def _negatives(graph: Graph, random: Random) -> Tensor:
    """Four of the pairs of different nodes without an edge in either direction."""
    nodes, _ = graph.sides
    taken = set(graph.edges) | {(target, source) for source, target in graph.edges}
    free = [(i, j) for i in range(nodes) for j in range(nodes) if i != j and (i, j) not in taken]
    return torch.tensor([free[k] for k in random.integers(len(free), 4).tolist()]).t().contiguous()


def _run(name: str, graph: Graph, options: dict[str, object]) -> dict[str, object]:
    random = Random("attention loss", name)
    options = {"heads": 1, "concat": True, "add_self_loops": True, "attention_type": "MX"} | options
    layer = drawn(SuperGATConv(3, 2, **options), random).train()
    inputs = leaves(x=random.tensor(graph.sides[0], 3))
    negatives = _negatives(graph, random)
    layer(inputs["x"], graph.edge_index, neg_edge_index=negatives)
    loss = layer.get_attention_loss()
    loss.backward()
    return {
        "name": name,
        "options": {
            "heads": options["heads"],
            "concat": options["concat"],
            "addSelfLoops": options["add_self_loops"],
            "attentionType": options["attention_type"],
        },
        "graph": {
            "nodes": graph.nodes,
            "sources": graph.edge_index[0].tolist(),
            "targets": graph.edge_index[1].tolist(),
        },
        "negatives": {"sources": negatives[0].tolist(), "targets": negatives[1].tolist()},
        "inputs": inputs,
        "parameters": parameters(layer),
        "loss": loss.item(),
        "gradients": {"inputs": gradients(inputs), "parameters": parameter_gradients(layer)},
    }


def generate() -> int:
    cases = [_run(*case) for case in CASES]
    write("attention-loss.json", {"layer": "SuperGATConv"}, {"cases": cases})
    return len(cases)
