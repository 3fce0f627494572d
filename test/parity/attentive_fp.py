"""Cases of PyTorch Geometric's AttentiveFP on batches of graphs: attentive-fp.json. `index` is the graph of each node."""

from dataclasses import dataclass, field

import torch
from torch_geometric.nn.models import AttentiveFP

from fixture_format import NearestKink, Random, camel_case, write
from graphs import EMPTY, ONE_NODE, Graph
from recording import Record, backward, clear_of_kinks, drawn, gradients, leaves, parameter_gradients, parameters

INPUTS = 3
EDGE_DIM = 2
OPTIONS = {"hidden_channels": 4, "out_channels": 2, "edge_dim": EDGE_DIM, "num_layers": 2, "num_timesteps": 2}

# Four nodes in a chain; one node; three nodes without edges; a triangle with an edge given twice, a self-loop, and a node that none arrives at.
BATCH = Graph(
    ((0, 1), (1, 0), (2, 1), (1, 2), (3, 2), (2, 3))
    + ((8, 9), (9, 8), (9, 10), (8, 10), (9, 8), (10, 10), (11, 9)),
    12,
)
GRAPH_OF = [0, 0, 0, 0, 1, 2, 2, 2, 3, 3, 3, 3]

# A path and a triangle whose nodes do not follow one another.
MINGLED = Graph(((0, 2), (2, 0), (1, 3), (3, 4), (4, 1), (5, 2), (2, 5)), 6)


@dataclass
class Case:
    name: str
    graph: Graph = BATCH
    index: list[int] = field(default_factory=lambda: GRAPH_OF)
    arguments: dict[str, int] = field(default_factory=dict)


class NearestKinkInPlace(NearestKink):
    """Also sees functions that write to their argument. Leaves out what is exactly zero: a sum of nodes that a ReLU made zero before."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        aten = torch.ops.aten
        piecewise = (aten.leaky_relu, aten.leaky_relu_, aten.relu, aten.relu_)
        if func.overloadpacket in piecewise and args[0].numel() > 0:
            distances = args[0].detach().abs()
            self.distance = min([self.distance, *distances[distances > 0].tolist()])
        return func(*args, **(kwargs or {}))


def _run(case: Case, attempt: int) -> Record:
    random = Random("AttentiveFP", case.name, attempt)
    options = {"in_channels": INPUTS} | OPTIONS | case.arguments
    model = drawn(AttentiveFP(**options).eval(), random)
    edges = len(case.graph.edges)
    edge_dim = options["edge_dim"]
    inputs = leaves(
        x=random.tensor(case.graph.sides[0], INPUTS),
        edge_attr=random.tensor(edges, edge_dim) if edges * edge_dim > 0 else torch.zeros(edges, edge_dim),
    )
    output = model(inputs["x"], case.graph.edge_index, inputs["edge_attr"], torch.tensor(case.index))
    upstream = random.tensor(*output.shape)
    backward(output, upstream)
    edge_index = case.graph.edge_index
    given = inputs if edge_dim > 0 else inputs | {"edge_attr": None}
    return {
        "name": case.name,
        "options": {camel_case(name): value for name, value in options.items()},
        "graph": {"nodes": case.graph.nodes, "sources": edge_index[0].tolist(), "targets": edge_index[1].tolist()},
        "index": case.index,
        "graphs": output.shape[0],
        "inputs": {camel_case(name): value for name, value in given.items()},
        "parameters": parameters(model),
        "output": output,
        "upstream": upstream,
        "gradients": {"inputs": gradients(given), "parameters": parameter_gradients(model)},
    }


def _cases() -> list[Case]:
    return [
        Case("two layers, two steps"),
        Case("one layer, one step", arguments={"num_layers": 1, "num_timesteps": 1}),
        Case("three layers, three steps", arguments={"num_layers": 3, "num_timesteps": 3}),
        Case("nodes in any order", MINGLED, [0, 1, 0, 1, 1, 0]),
        Case("one node", ONE_NODE, [0]),
        Case("no edges", EMPTY, [0, 0, 1]),
        Case("edges without features", arguments={"edge_dim": 0}),
    ]


def generate() -> int:
    cases = _cases()
    assert len({case.name for case in cases}) == len(cases), "two cases share a name"
    recorded = [clear_of_kinks(lambda number, case=case: _run(case, number), NearestKinkInPlace) for case in cases]
    write("attentive-fp.json", {"model": "AttentiveFP"}, {"cases": recorded})
    return len(cases)
