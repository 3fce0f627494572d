"""Cases of PyTorch's scaled dot-product and multi-head attention: dot-product-attention.json, multi-head-attention.json.

Sequences of different lengths are recorded packed: all elements one after the other, without padding.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from fixture_format import Random, write
from recording import (
    Record,
    answered,
    backward,
    drawn,
    gradients,
    leaves,
    packed,
    padded,
    padding_mask,
    parameter_gradients,
    parameters,
)


def _drawn_mask(random: Random, queries: int, keys: int) -> Tensor:
    """True where a query attends to a key; each query attends to one at least, and not to all."""
    mask = random.integers(2, queries * keys).reshape(queries, keys).bool()
    rows = torch.arange(queries)
    mask[rows, rows % keys] = True
    mask[rows, (rows + 1) % keys] = False
    return mask


def dot_product() -> list[Record]:
    """Recorded as [positions, heads, channels]; PyTorch wants [heads, positions, channels]."""

    def case(
        name: str, queries: int, keys: int, heads=(2, 2), channels=(4, 4), causal=False, masked=False, scale=None
    ) -> Record:
        random = Random("scaled dot-product attention", name)
        given = leaves(
            query=random.tensor(queries, heads[0], channels[0]),
            key=random.tensor(keys, heads[1], channels[0]),
            value=random.tensor(keys, heads[1], channels[1]),
        )
        mask = _drawn_mask(random, queries, keys) if masked else None
        query, key, value = (given[part].transpose(0, 1) for part in ("query", "key", "value"))
        output = F.scaled_dot_product_attention(
            query, key, value, attn_mask=mask, is_causal=causal, scale=scale, enable_gqa=heads[0] != heads[1]
        ).transpose(0, 1)
        settings = {
            "causal": causal,
            "mask": None if mask is None else mask.tolist(),
            "scale": scale or channels[0] ** -0.5,
        }
        return answered(name, given, output, random, **settings)

    return [
        case("full", 6, 6),
        case("full, wider values, more keys", 4, 7, channels=(3, 5)),
        case("causal", 7, 7),
        case("mask", 6, 5, masked=True),
        case("scale 0.125", 5, 5, scale=0.125),
        case("grouped, 4 query heads, 2 key heads", 5, 6, heads=(4, 2), channels=(3, 3)),
        case("grouped, causal, 6 query heads, 3 key heads", 5, 5, heads=(6, 3), channels=(2, 3), causal=True),
        case("one key head for all, mask", 5, 4, heads=(4, 1), channels=(3, 2), masked=True),
    ]


def multi_head() -> list[Record]:
    def case(
        name: str,
        query_lengths: list[int],
        key_lengths: list[int] | None = None,
        heads=2,
        width=6,
        kdim: int | None = None,
        vdim: int | None = None,
        same_value=False,
        bias=True,
        causal=False,
        masked=False,
        additive=False,
        averaged=False,
    ) -> Record:
        random = Random("multi-head attention", name)
        layer = drawn(nn.MultiheadAttention(width, heads, bias=bias, kdim=kdim, vdim=vdim, batch_first=True), random)
        cross = key_lengths is not None
        lengths = key_lengths if cross else query_lengths
        given = leaves(
            query=random.tensor(sum(query_lengths), width),
            key=random.tensor(sum(lengths), kdim or width) if cross else None,
            value=random.tensor(sum(lengths), vdim or width) if cross and not same_value else None,
            bias=random.tensor(heads, query_lengths[0], lengths[0]) if additive else None,
        )
        key = given["key"] if cross else given["query"]
        value = key if given["value"] is None else given["value"]
        mask = _drawn_mask(random, max(query_lengths), max(lengths)) if masked else None
        if causal:
            mask = torch.ones(max(query_lengths), max(lengths)).tril().bool()
        # In this module, unlike in scaled_dot_product_attention, True in a mask means: do not attend.
        output, weights = layer(
            padded(given["query"], query_lengths),
            padded(key, lengths),
            padded(value, lengths),
            key_padding_mask=padding_mask(lengths),
            attn_mask=given["bias"] if additive else None if mask is None else ~mask,
            average_attn_weights=averaged,
        )
        output = packed(output, query_lengths)
        upstream = random.tensor(*output.shape)
        backward(output, upstream)
        sides = list(zip(query_lengths, lengths, strict=True))
        return {
            "name": name,
            "options": {
                "embedDim": width,
                "numHeads": heads,
                "kdim": kdim or width,
                "vdim": vdim or width,
                "bias": bias,
                "averageAttnWeights": averaged,
            },
            "queryLengths": query_lengths,
            "keyLengths": lengths,
            "masks": None if mask is None else [mask[:queries, :keys].tolist() for queries, keys in sides],
            "inputs": given,
            "parameters": parameters(layer),
            "output": output,
            "weights": [weights[s, ..., :queries, :keys] for s, (queries, keys) in enumerate(sides)],
            "upstream": upstream,
            "gradients": {"inputs": gradients(given), "parameters": parameter_gradients(layer)},
        }

    return [
        case("self", [5]),
        case("self, averaged weights", [5], heads=3, averaged=True),
        case("self, no bias", [4], bias=False),
        case("self, three lengths", [4, 2, 3]),
        case("self, causal, two lengths", [5, 3], causal=True),
        case("self, mask", [5], masked=True),
        case("self, a bias of its own for each head", [4], additive=True),
        case("cross, values are keys", [3], [5], same_value=True),
        case("cross, two lengths", [4, 2], [3, 5]),
        case("cross, kdim 8, vdim 3", [4], [6], kdim=8, vdim=3),
        case(
            "cross, kdim 5, vdim 7, no bias, two lengths, averaged weights",
            [2, 4],
            [5, 3],
            kdim=5,
            vdim=7,
            bias=False,
            averaged=True,
        ),
        case("cross, mask, kdim 4", [4], [5], kdim=4, masked=True),
    ]


def generate() -> int:
    dot_products, multi_heads = dot_product(), multi_head()
    write("dot-product-attention.json", {}, {"cases": dot_products})
    write("multi-head-attention.json", {}, {"cases": multi_heads})
    return len(dot_products) + len(multi_heads)
