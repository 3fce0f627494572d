"""What every case needs: leaves that get gradients, parameters with drawn numbers, and sequences without padding."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from fixture_format import NearestKink, Random, camel_case

Record = dict[str, object]
Leaves = dict[str, Tensor | None]


def leaves(**tensors: Tensor | None) -> Leaves:
    return {name: None if value is None else value.requires_grad_() for name, value in tensors.items()}


def backward(output: Tensor, upstream: Tensor) -> None:
    (output * upstream).sum().backward()


def gradients(of: Leaves) -> Record:
    """A leaf that took no part has no gradient in PyTorch and zeros here."""
    return {
        camel_case(name): None if value is None else torch.zeros_like(value) if value.grad is None else value.grad
        for name, value in of.items()
    }


def answered(name: str, given: Leaves, output: Tensor, random: Random, **settings: object) -> Record:
    """A case of a function: what was set and given, what came out, and the gradients for a factor of the output's shape."""
    upstream = random.tensor(*output.shape)
    backward(output, upstream)
    return {
        "name": name,
        **settings,
        "inputs": given,
        "output": output,
        "upstream": upstream,
        "gradients": gradients(given),
    }


def drawn(module: nn.Module, random: Random) -> nn.Module:
    """The module with every parameter drawn, biases and norms included, at most 0.75 in magnitude: gates stay open."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(random.tensor(*parameter.shape) / 2)
    return module


def parameters(module: nn.Module) -> Record:
    return dict(module.state_dict())


def parameter_gradients(module: nn.Module) -> Record:
    return {name: torch.zeros_like(p) if p.grad is None else p.grad for name, p in module.named_parameters()}


def padded(packed: Tensor, lengths: list[int]) -> Tensor:
    """`[elements, width]` to `[sequences, longest, width]`, differentiable."""
    return pad_sequence(list(packed.split(lengths)), batch_first=True)


def packed(padded: Tensor, lengths: list[int]) -> Tensor:
    """The inverse of `padded`: what PyTorch computes at padding is dropped."""
    return torch.cat([rows[:length] for rows, length in zip(padded, lengths, strict=True)])


def padding_mask(lengths: list[int]) -> Tensor | None:
    """True where PyTorch is to ignore; None where nothing is padded."""
    if len(set(lengths)) == 1:
        return None
    return torch.arange(max(lengths)) >= torch.tensor(lengths)[:, None]


def clear_of_kinks(attempt: Callable[[int], Record], nearest: type[NearestKink] = NearestKink) -> Record:
    """The first attempt in which no ReLU saw an argument close to zero."""
    for number in range(100):
        kink = nearest()
        with kink:
            recorded = attempt(number)
        if kink.distance >= 1e-4:
            return recorded
    raise RuntimeError("no draw stays clear of the kinks")
