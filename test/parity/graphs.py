"""The small graphs that the layers run on: (source, target) pairs, and the number of nodes on each side."""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Graph:
    edges: tuple[tuple[int, int], ...]
    nodes: int | tuple[int, int]

    @property
    def edge_index(self) -> Tensor:
        return torch.tensor(self.edges, dtype=torch.long).reshape(-1, 2).t().contiguous()

    @property
    def sides(self) -> tuple[int, int]:
        return self.nodes if isinstance(self.nodes, tuple) else (self.nodes, self.nodes)


# Node 5 has no in-edge but out-edges, node 6 neither; 1 -> 2 three times; self-loops on 0 and 3; no order.
MIXED = Graph(((4, 1), (1, 2), (0, 0), (2, 1), (5, 2), (1, 2), (3, 4), (0, 4), (3, 3), (1, 2), (4, 0), (2, 3)), 7)
CYCLE = Graph(((0, 1), (1, 2), (2, 3), (3, 4), (4, 0), (2, 0), (0, 3)), 5)
SELF_LOOPS = Graph(((0, 1), (1, 1), (1, 2), (2, 0), (0, 0), (3, 2), (2, 3)), 4)
REPEATED = Graph(((0, 1), (0, 1), (1, 2), (0, 1), (2, 0), (1, 2), (3, 0), (0, 3)), 4)
ISOLATED = Graph(((0, 1), (1, 0), (3, 1)), 5)
ONE_NODE = Graph((), 1)
ONE_NODE_LOOP = Graph(((0, 0),), 1)
EMPTY = Graph((), 3)

# Edges i -> i join different nodes here, yet PyTorch Geometric treats them as self-loops. Source 4 has no out-edge.
MORE_SOURCES = Graph(((0, 1), (5, 2), (2, 2), (1, 0), (3, 1), (1, 2), (5, 0), (0, 1)), (6, 4))
# Target 3 has no in-edge.
MORE_TARGETS = Graph(((0, 5), (1, 1), (2, 4), (3, 5), (1, 0), (3, 2), (0, 4), (2, 5)), (4, 6))
# As MORE_SOURCES without any i -> i and with in-edges on every target.
BIPARTITE = Graph(((0, 1), (4, 2), (1, 0), (3, 1), (1, 2), (4, 0)), (5, 3))
