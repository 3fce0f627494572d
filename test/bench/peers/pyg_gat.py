"""An epoch of the GAT paper's network by PyTorch Geometric, as one of the contestants.

    pyg_gat.py INPUTS ANSWERS dense|csr|bag [--compile]

The first layer's product with the features, most of which are zero: `dense`, `csr` (PyTorch's sparse matrices) or `bag` (a weighted sum of the
rows of an embedding).
"""

import json
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch_geometric.nn import GATConv

inputs, answers, form = sys.argv[1:4]
with open(f"{inputs}/work.json") as file:
    work = json.load(file)
nodes, features, classes = work["nodes"], work["features"], work["classes"]
heads, channels, dropout = work["heads"], work["channels"], work["dropout"]


def floats(name):
    return torch.from_numpy(np.fromfile(f"{inputs}/{name}.f32", dtype=np.float32))


def indices(name):
    return torch.from_numpy(np.fromfile(f"{inputs}/{name}.u32", dtype=np.uint32).astype(np.int64))


offsets, columns, values = indices("featureOffsets"), indices("featureColumns"), floats("featureValues")
starts = indices("offsets")
edge_index = torch.stack([indices("senders"), torch.repeat_interleave(torch.arange(nodes), starts.diff())])
labels, training = indices("labels"), indices("training")
labels_learned = labels[training]


class Transposed:
    """The features by column, which the gradient of the weight needs: made once, because only the values are drawn anew."""

    def __init__(self):
        rows = torch.repeat_interleave(torch.arange(nodes), offsets.diff())
        self.permutation = torch.argsort(columns, stable=True)
        self.offsets = torch.cat([torch.zeros(1, dtype=torch.long), torch.bincount(columns, minlength=features).cumsum(0)])
        self.rows = rows[self.permutation]


class SparseProduct(torch.autograd.Function):
    @staticmethod
    def forward(ctx, kept, weight, transposed):
        ctx.transposed = transposed
        ctx.save_for_backward(kept)
        return torch.sparse_csr_tensor(offsets, columns, kept, (nodes, features)) @ weight

    @staticmethod
    def backward(ctx, gradient):
        (kept,) = ctx.saved_tensors
        by_column = ctx.transposed
        csr = torch.sparse_csr_tensor(by_column.offsets, by_column.rows, kept[by_column.permutation], (features, nodes))
        return None, csr @ gradient, None


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        width = heads * channels
        self.weight = torch.nn.Parameter(floats("weight1").view(width, features).clone())
        self.first = GATConv(width, channels, heads=heads, dropout=dropout, add_self_loops=False)
        self.first.lin = torch.nn.Identity()
        self.second = GATConv(width, classes, heads=1, dropout=dropout, add_self_loops=False)
        with torch.no_grad():
            self.second.lin.weight.copy_(floats("weight2").view(classes, width))
            for k, layer in ((1, self.first), (2, self.second)):
                layer.att_src.copy_(floats(f"source{k}").view_as(layer.att_src))
                layer.att_dst.copy_(floats(f"target{k}").view_as(layer.att_dst))
                layer.bias.copy_(floats(f"bias{k}"))
        if form == "dense":
            dense = torch.zeros(nodes, features)
            dense[torch.repeat_interleave(torch.arange(nodes), offsets.diff()), columns] = values
            self.dense = dense
        if form == "csr":
            self.transposed = Transposed()

    def project(self):
        if form == "dense":
            return F.linear(F.dropout(self.dense, dropout, self.training), self.weight)
        kept = F.dropout(values, dropout, self.training)
        if form == "csr":
            return SparseProduct.apply(kept, self.weight.t(), self.transposed)
        return F.embedding_bag(columns, self.weight.t(), offsets, mode="sum", per_sample_weights=kept, include_last_offset=True)

    def attend(self, projected):
        hidden = F.elu(self.first(projected, edge_index))
        return self.second(F.dropout(hidden, dropout, self.training), edge_index)

    def forward(self):
        return self.attend(self.project())


network = Network()
if "--compile" in sys.argv:
    network.attend = torch.compile(network.attend, dynamic=False)
    if form == "dense":
        network.project = torch.compile(network.project, dynamic=False)
optimizer = torch.optim.Adam(
    network.parameters(), lr=work["learningRate"], weight_decay=work["weightDecay"], fused=True
)


def loss_of():
    return F.cross_entropy(network()[training], labels_learned)


def epoch():
    begin = time.perf_counter()
    optimizer.zero_grad()
    loss = loss_of()
    loss.backward()
    optimizer.step()
    value = loss.item()
    return value, (time.perf_counter() - begin) * 1e3


network.eval()
before, _ = epoch()
network.weight.grad.numpy().tofile(f"{answers}/dweight1.f32")
np.array([before, loss_of().item()], dtype=np.float32).tofile(f"{answers}/losses.f32")
network.train()
epoch()
print("ready", flush=True)
for _ in sys.stdin:
    print(epoch()[1], flush=True)
