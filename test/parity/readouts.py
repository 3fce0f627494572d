"""Cases of PyTorch Geometric's read-outs: readout.json.

`index` is the graph of each node. Set2Set and SetTransformerAggregation answer graphs without nodes with something else than zeros, or with
NaN on the way: they are not given any.
"""

import torch
from torch import Tensor, nn
from torch_geometric.nn import aggr

from fixture_format import Random, camel_case, write
from recording import Record, backward, clear_of_kinks, drawn, gradients, leaves, parameter_gradients, parameters

SORTED = [0, 0, 0, 1, 2, 2, 2, 2]
MIXED = [2, 0, 3, 2, 0, 0, 2, 5, 3]


def _case(name: str, layer: nn.Module, index: list[int], graphs: int, width: int, options: Record) -> Record:
    kind = type(layer).__name__

    def attempt(number: int) -> Record:
        random = Random(kind, name, number)
        drawn(layer, random)
        layer.zero_grad()
        given = leaves(x=random.tensor(len(index), width))
        output: Tensor = layer(given["x"], torch.tensor(index), dim_size=graphs)
        upstream = random.tensor(*output.shape)
        backward(output, upstream)
        return {
            "name": name,
            "options": {camel_case(key): value for key, value in options.items()},
            "index": index,
            "graphs": graphs,
            "inputs": given,
            "parameters": parameters(layer),
            "output": output,
            "upstream": upstream,
            "gradients": {"inputs": gradients(given), "parameters": parameter_gradients(layer)},
        }

    return clear_of_kinks(attempt)


def _pools(layer_class: type[aggr.Aggregation]) -> list[Record]:
    return [
        _case("nodes in the order of their graphs", layer_class(), SORTED, 3, 3, {}),
        _case("nodes in any order, graphs without nodes", layer_class(), MIXED, 7, 4, {}),
        _case("one graph of one node", layer_class(), [0], 1, 2, {}),
    ]


def _perceptron(*widths: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    for inputs, outputs in zip(widths, widths[1:], strict=False):
        layers += [nn.ReLU(), nn.Linear(inputs, outputs)]
    return nn.Sequential(*layers[1:])


def _attentional() -> list[Record]:
    def case(name: str, index: list[int], graphs: int, gate: list[int], network: list[int] | None) -> Record:
        layer = aggr.AttentionalAggregation(_perceptron(*gate), _perceptron(*network) if network else None)
        return _case(name, layer, index, graphs, gate[0], {"gate_nn": gate, "nn": network})

    return [
        case("one gate", SORTED, 3, [3, 1], None),
        case("perceptrons, nodes in any order, graphs without nodes", MIXED, 7, [3, 4, 1], [3, 5, 2]),
        case("a gate for each channel", SORTED, 3, [4, 3], [4, 3]),
        case("a gate for each feature", MIXED, 6, [3, 3], None),
    ]


def _set2set() -> list[Record]:
    def case(name: str, index: list[int], graphs: int, width: int, steps: int) -> Record:
        options = {"in_channels": width, "processing_steps": steps}
        return _case(name, aggr.Set2Set(**options), index, graphs, width, options)

    return [
        case("one step", SORTED, 3, 3, 1),
        case("three steps", SORTED, 3, 4, 3),
        case("two steps, nodes in any order", [1, 0, 2, 1, 0, 0, 2], 3, 2, 2),
    ]


def _set_transformer() -> list[Record]:
    def case(name: str, index: list[int], graphs: int, width: int, **options: object) -> Record:
        options = {"num_seed_points": 1, "heads": 1, "layer_norm": False} | options
        layer = aggr.SetTransformerAggregation(width, num_encoder_blocks=0, num_decoder_blocks=0, **options)
        return _case(name, layer, index, graphs, width, {"channels": width} | options)

    return [
        case("one seed, one head", SORTED, 3, 3),
        case("three seeds, two heads", SORTED, 3, 4, num_seed_points=3, heads=2),
        case("two seeds, layer norm", [0, 0, 0, 0, 1, 1], 2, 4, num_seed_points=2, layer_norm=True),
    ]


def generate() -> int:
    lists = {
        "sum": _pools(aggr.SumAggregation),
        "mean": _pools(aggr.MeanAggregation),
        "max": _pools(aggr.MaxAggregation),
        "attentional": _attentional(),
        "set2set": _set2set(),
        "setTransformer": _set_transformer(),
    }
    write("readout.json", {}, lists)
    return sum(map(len, lists.values()))
