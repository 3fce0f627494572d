"""Attention by PyTorch Geometric, as one of the contestants.

    pyg_attention.py INPUTS ANSWERS SCORE NODES EDGES HEADS CHANNELS [--compile]

Its layers with the projections taken out, so that attention alone is compared: the inputs are the projected features.
"""

import sys
import time

import numpy as np
import torch
from torch_geometric.nn import GATConv, GATv2Conv, TransformerConv

inputs, answers, score, nodes, edges, heads, channels = sys.argv[1:8]
nodes, edges, heads, channels = int(nodes), int(edges), int(heads), int(channels)
width = heads * channels


def floats(name):
    return torch.from_numpy(np.fromfile(f"{inputs}/{name}.f32", dtype=np.float32))


def features(name):
    return floats(name).view(nodes, width).requires_grad_()


offsets = np.fromfile(f"{inputs}/offsets.u32", dtype=np.uint32).astype(np.int64)
senders = np.fromfile(f"{inputs}/senders.u32", dtype=np.uint32).astype(np.int64)
edge_index = torch.from_numpy(np.stack([senders, np.repeat(np.arange(nodes), np.diff(offsets))]))


class Given(torch.nn.Module):
    """In place of a projection: what was projected already."""

    def __init__(self, x):
        super().__init__()
        self.x = x

    def forward(self, _):
        return self.x


leaves = {}
common = dict(heads=heads, bias=False)
if score == "additive":
    leaves["value"] = features("value")
    layer = GATConv(width, channels, add_self_loops=False, **common)
    layer.lin = torch.nn.Identity()
    with torch.no_grad():
        layer.att_src.copy_(floats("sender").view(1, heads, channels))
        layer.att_dst.copy_(floats("receiver").view(1, heads, channels))
    leaves["receiver"], leaves["sender"] = layer.att_dst, layer.att_src

    def call(module):
        return module(leaves["value"], edge_index)

elif score == "late-additive":
    leaves["value"], leaves["query"] = features("value"), features("query")
    layer = GATv2Conv(width, channels, add_self_loops=False, **common)
    layer.lin_l = layer.lin_r = torch.nn.Identity()
    with torch.no_grad():
        layer.att.copy_(floats("a").view(1, heads, channels))
    leaves["a"] = layer.att

    def call(module):
        return module((leaves["value"], leaves["query"]), edge_index)

else:
    for name in ("query", "key", "value"):
        leaves[name] = features(name)
    layer = TransformerConv(width, channels, root_weight=False, **common)
    layer.lin_query, layer.lin_key, layer.lin_value = (Given(leaves[name]) for name in ("query", "key", "value"))

    def call(module):
        return module(leaves["value"], edge_index)


module = torch.compile(layer, dynamic=False) if "--compile" in sys.argv else layer
upstream = floats("gradient").view(nodes, width)


def run():
    for leaf in leaves.values():
        leaf.grad = None
    begin = time.perf_counter()
    out = call(module)
    between = time.perf_counter()
    out.backward(upstream)
    end = time.perf_counter()
    return out, (between - begin) * 1e3, (end - between) * 1e3


out, _, _ = run()
out.detach().numpy().tofile(f"{answers}/out.f32")
for name, leaf in leaves.items():
    leaf.grad.numpy().tofile(f"{answers}/d{name}.f32")
del out
print("ready", flush=True)
for _ in sys.stdin:
    _, forward, backward = run()
    print(forward, backward, flush=True)
