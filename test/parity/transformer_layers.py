"""Cases of PyTorch's transformer layers and of stacks of two, without dropout: transformer-encoder.json, transformer-decoder.json.

Sequences of different lengths are recorded packed: all elements one after the other, without padding.
"""

import torch
from torch import Tensor, nn

from fixture_format import Random, camel_case, write
from recording import (
    Record,
    backward,
    clear_of_kinks,
    drawn,
    gradients,
    leaves,
    packed,
    padded,
    padding_mask,
    parameter_gradients,
    parameters,
)

WIDTH = 6


def _options(**given: object) -> dict[str, object]:
    defaults = {
        "d_model": WIDTH,
        "nhead": 2,
        "dim_feedforward": 8,
        "activation": "relu",
        "layer_norm_eps": 1e-5,
        "norm_first": False,
        "bias": True,
    }
    return defaults | given


def _unattended(length: int, causal: bool) -> Tensor | None:
    return torch.ones(length, length).triu(1).bool() if causal else None


def _encode(module: nn.Module, x: Tensor, lengths: list[int], causal: bool) -> Tensor:
    mask = _unattended(max(lengths), causal)
    name = "src_mask" if isinstance(module, nn.TransformerEncoderLayer) else "mask"
    output = module(padded(x, lengths), src_key_padding_mask=padding_mask(lengths), **{name: mask})
    return packed(output, lengths)


def _decode(
    module: nn.Module, x: Tensor, memory: Tensor, lengths: list[int], memory_lengths: list[int], causal: bool
) -> Tensor:
    output = module(
        padded(x, lengths),
        padded(memory, memory_lengths),
        tgt_mask=_unattended(max(lengths), causal),
        tgt_key_padding_mask=padding_mask(lengths),
        memory_key_padding_mask=padding_mask(memory_lengths),
    )
    return packed(output, lengths)


def _record(
    name: str,
    module_of: type[nn.Module],
    lengths: list[int],
    memory_lengths: list[int] | None = None,
    causal: bool = False,
    layers: int | None = None,
    **options: object,
) -> Record:
    """One layer, or a stack of `layers` with a norm at the end."""
    options = _options(**options)

    def attempt(number: int) -> Record:
        random = Random(module_of.__name__, name, number)
        module = module_of(**options, dropout=0.0, batch_first=True)
        if layers is not None:
            norm = nn.LayerNorm(WIDTH, eps=options["layer_norm_eps"])
            module = (
                nn.TransformerEncoder(module, layers, norm, enable_nested_tensor=False)
                if memory_lengths is None
                else nn.TransformerDecoder(module, layers, norm)
            )
        drawn(module, random)
        given = leaves(
            x=random.tensor(sum(lengths), WIDTH),
            memory=None if memory_lengths is None else random.tensor(sum(memory_lengths), WIDTH),
        )
        output = (
            _encode(module, given["x"], lengths, causal)
            if memory_lengths is None
            else _decode(module, given["x"], given["memory"], lengths, memory_lengths, causal)
        )
        upstream = random.tensor(*output.shape)
        backward(output, upstream)
        return {
            "name": name,
            "options": {camel_case(key): value for key, value in options.items()},
            "layers": layers,
            "lengths": lengths,
            "memoryLengths": memory_lengths,
            "causal": causal,
            "inputs": given,
            "parameters": parameters(module),
            "output": output,
            "upstream": upstream,
            "gradients": {"inputs": gradients(given), "parameters": parameter_gradients(module)},
        }

    return clear_of_kinks(attempt)


def encoder() -> list[Record]:
    def case(name: str, lengths: list[int], **options) -> Record:
        return _record(name, nn.TransformerEncoderLayer, lengths, **options)

    return [
        case("post-norm, relu", [5]),
        case("pre-norm, relu", [5], norm_first=True),
        case("post-norm, gelu, two lengths", [4, 2], activation="gelu"),
        case("pre-norm, gelu, causal, two lengths", [3, 5], activation="gelu", norm_first=True, causal=True),
        case(
            "pre-norm, gelu, eps 0.01, 3 heads, no bias",
            [4],
            activation="gelu",
            norm_first=True,
            nhead=3,
            layer_norm_eps=1e-2,
            bias=False,
        ),
        case("two layers, post-norm, relu, final norm", [4, 3], layers=2),
        case(
            "two layers, pre-norm, gelu, causal, final norm",
            [5],
            layers=2,
            norm_first=True,
            activation="gelu",
            causal=True,
        ),
    ]


def decoder() -> list[Record]:
    def case(name: str, lengths: list[int], memory_lengths: list[int], **options) -> Record:
        return _record(name, nn.TransformerDecoderLayer, lengths, memory_lengths, **{"causal": True} | options)

    return [
        case("post-norm, relu", [4], [5]),
        case("pre-norm, relu, two lengths", [3, 4], [2, 5], norm_first=True),
        case("post-norm, gelu, not causal", [4], [3], activation="gelu", causal=False),
        case("pre-norm, gelu", [4], [6], activation="gelu", norm_first=True),
        case(
            "two layers, pre-norm, gelu, two lengths, final norm",
            [2, 4],
            [3, 2],
            layers=2,
            norm_first=True,
            activation="gelu",
        ),
    ]


def generate() -> int:
    encoders, decoders = encoder(), decoder()
    write("transformer-encoder.json", {}, {"cases": encoders})
    write("transformer-decoder.json", {}, {"cases": decoders})
    return len(encoders) + len(decoders)
