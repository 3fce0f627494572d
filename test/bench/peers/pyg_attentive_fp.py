"""An epoch of AttentiveFP by PyTorch Geometric, as one of the contestants.

    pyg_attentive_fp.py INPUTS ANSWERS loader|batched [--compile]

`loader` puts batches together anew in each epoch, as its data loader does; `batched` made them once, which is less work than the others do.
"""

import json
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch_geometric.data import Batch, Data
from torch_geometric.loader import DataLoader
from torch_geometric.nn.models import AttentiveFP

inputs, answers, form = sys.argv[1:4]
with open(f"{inputs}/work.json") as file:
    work = json.load(file)
batch_size = work["batchSize"]


def floats(name):
    return torch.from_numpy(np.fromfile(f"{inputs}/{name}.f32", dtype=np.float32))


def indices(name):
    return torch.from_numpy(np.fromfile(f"{inputs}/{name}.u32", dtype=np.uint32).astype(np.int64))


atoms, bonds = floats("atoms").view(-1, work["atomWidth"]), floats("bonds").view(-1, work["bondWidth"])
targets, starts, offsets, senders = floats("targets"), indices("atomStarts"), indices("offsets"), indices("senders")
receivers = torch.repeat_interleave(torch.arange(len(atoms)), offsets.diff())


def molecule(k):
    first, end = starts[k], starts[k + 1]
    of_bonds = slice(offsets[first], offsets[end])
    edge_index = torch.stack([senders[of_bonds], receivers[of_bonds]]) - first
    return Data(x=atoms[first:end].clone(), edge_index=edge_index, edge_attr=bonds[of_bonds].clone(), y=targets[k])


molecules = [molecule(k) for k in range(len(targets))]
model = AttentiveFP(
    work["atomWidth"], work["hidden"], 1, work["bondWidth"], work["layers"], work["steps"], work["dropout"]
)
with torch.no_grad():
    for name, parameter in model.named_parameters():
        parameter.copy_(floats(name).view_as(parameter))
optimizer = torch.optim.Adam(model.parameters(), lr=work["learningRate"], weight_decay=work["weightDecay"], fused=True)
call = torch.compile(model, dynamic=True) if "--compile" in sys.argv else model


def loss_of(batch):
    return F.mse_loss(call(batch.x, batch.edge_index, batch.edge_attr, batch.batch).squeeze(-1), batch.y)


def step(batch):
    optimizer.zero_grad()
    loss = loss_of(batch)
    loss.backward()
    optimizer.step()
    return loss.item()


model.eval()
loss = loss_of(Batch.from_data_list(molecules[:batch_size]))
loss.backward()
np.array([loss.item()], dtype=np.float32).tofile(f"{answers}/loss.f32")
for name, parameter in model.named_parameters():
    parameter.grad.numpy().tofile(f"{answers}/d{name}.f32")
model.train()
loader = DataLoader(molecules, batch_size=batch_size, shuffle=True)
batches = list(loader) if form == "batched" else loader


def epoch():
    begin = time.perf_counter()
    for batch in batches:
        step(batch)
    return (time.perf_counter() - begin) * 1e3


epoch()
print("ready", flush=True)
for _ in sys.stdin:
    print(epoch(), flush=True)
