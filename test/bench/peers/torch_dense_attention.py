"""Dense self-attention by PyTorch, as one of the contestants: INPUTS ANSWERS NEIGHBORHOOD ELEMENTS HEADS CHANNELS."""

import os
import sys
import time

import numpy
import torch
from torch.nn.functional import scaled_dot_product_attention

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
inputs, answers, neighborhood = sys.argv[1:4]
elements, heads, channels = (int(size) for size in sys.argv[4:7])
if neighborhood not in ("complete", "causal"):
    raise SystemExit(f"got the neighborhood {neighborhood}; expected complete or causal")


def read(name):
    values = numpy.fromfile(os.path.join(inputs, f"{name}.f32"), dtype=numpy.float32)
    # Heads first, as the function wants them: the order of the files is not part of the work.
    return torch.from_numpy(values).view(1, elements, heads, channels).transpose(1, 2).contiguous()


def save(name, tensor):
    tensor.detach().transpose(1, 2).contiguous().numpy().tofile(os.path.join(answers, f"{name}.f32"))


leaves = {name: read(name).requires_grad_() for name in ("query", "key", "value")}
upstream = read("gradient")


def run():
    for leaf in leaves.values():
        leaf.grad = None
    begin = time.perf_counter()
    out = scaled_dot_product_attention(*leaves.values(), is_causal=neighborhood == "causal")
    out.backward(upstream)
    return out, 1000 * (time.perf_counter() - begin)


save("out", run()[0])
for name, leaf in leaves.items():
    save(f"d{name}", leaf.grad)
print("ready", flush=True)
for _ in sys.stdin:
    print(run()[1], flush=True)
