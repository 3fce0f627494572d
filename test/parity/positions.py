"""Where elements stand, as the models that introduced it have it: positions.json."""

import torch
from transformers.models.bloom.modeling_bloom import build_alibi_tensor
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb
from transformers.models.t5.modeling_t5 import T5Attention

from fixture_format import Random, write
from recording import Record, answered, leaves


def relative_buckets() -> list[Record]:
    """T5's bucket of each distance (key position less query position). T5 takes its logarithms in float32."""

    def case(name: str, bidirectional: bool, buckets: int, max_distance: int) -> Record:
        distances = torch.arange(-200, 201)
        found = T5Attention._relative_position_bucket(distances, bidirectional, buckets, max_distance)
        return {
            "name": name,
            "bidirectional": bidirectional,
            "numBuckets": buckets,
            "maxDistance": max_distance,
            "distances": distances.tolist(),
            "buckets": found.tolist(),
        }

    return [
        case("bidirectional", True, 32, 128),
        case("causal", False, 32, 128),
        case("bidirectional, 16 buckets up to 64", True, 16, 64),
        case("causal, 20 buckets up to 50", False, 20, 50),
    ]


def _alibi_slopes(heads: int) -> list[float]:
    """Press, Smith and Lewis (ICLR 2022), section 3 and its released code, in float64."""
    power = 1 << (heads.bit_length() - 1)
    slopes = [2 ** (-8 * (h + 1) / power) for h in range(power)]
    # Heads beyond a power of two take every other slope of twice as many.
    return slopes + [2 ** (-8 * (2 * h + 1) / (2 * power)) for h in range(heads - power)]


def alibi() -> list[Record]:
    def case(heads: int) -> Record:
        slopes = _alibi_slopes(heads)
        # BLOOM has the same slopes in float32: of the second position, which is 1.
        theirs = build_alibi_tensor(torch.ones(1, 2), heads, torch.float64)[:, 0, 1]
        assert torch.allclose(theirs, torch.tensor(slopes), rtol=1e-6, atol=0), heads
        return {"heads": heads, "slopes": torch.tensor(slopes)}

    return [case(heads) for heads in range(1, 17)]


def rotary() -> list[Record]:
    """Su et al. (2021), equation 15: channels 2i and 2i + 1 turn together, or, as in Llama, i and i + half the width."""

    def case(name: str, interleaved: bool, elements: int, heads: int, channels: int, base=10000.0) -> Record:
        random = Random("rotary", name)
        given = leaves(input=random.tensor(elements, heads, channels))
        frequencies = base ** (-torch.arange(0, channels, 2) / channels)
        angles = torch.arange(elements).double()[:, None] * frequencies
        cos, sin = (table(torch.cat([angles, angles], dim=1))[None] for table in (torch.cos, torch.sin))
        halves = torch.cat([torch.arange(0, channels, 2), torch.arange(1, channels, 2)])
        order = halves if interleaved else torch.arange(channels)
        x = given["input"][None, ..., order]
        output = apply_rotary_pos_emb(x, x, cos, sin, unsqueeze_dim=2)[0][0][..., order.argsort()]
        return answered(name, given, output, random, interleaved=interleaved, base=base)

    return [
        case("interleaved", True, 7, 2, 6),
        case("halves", False, 7, 2, 6),
        case("interleaved, base 100", True, 5, 1, 8, base=100.0),
    ]


def generate() -> int:
    lists = {"relativeBuckets": relative_buckets(), "alibi": alibi(), "rotary": rotary()}
    write("positions.json", {}, lists, packages=["transformers"])
    return sum(map(len, lists.values()))
