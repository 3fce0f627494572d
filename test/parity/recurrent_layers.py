"""Cases of PyTorch's recurrent cells and layers: gru.json and lstm.json.

Sequences of different lengths are recorded packed: all elements one after the other, sequence by sequence.
"""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from fixture_format import Random, camel_case, write
from recording import Leaves, Record, drawn, gradients, leaves, packed, padded, parameter_gradients, parameters


def _recorded(module: nn.Module, given: Leaves, outputs: dict[str, Tensor | None], upstream: Leaves) -> Record:
    """The gradients are those of the sum of every output times its upstream factor; null leaves an output out of it."""
    total = sum((outputs[name] * factor).sum() for name, factor in upstream.items() if factor is not None)
    total.backward()
    return {
        "inputs": given,
        "parameters": parameters(module),
        "outputs": outputs,
        "upstream": upstream,
        "gradients": {"inputs": gradients(given), "parameters": parameter_gradients(module)},
    }


def _cell(name: str, cell_class: type[nn.RNNCellBase], rows: int, sizes: tuple[int, int], bias: bool) -> Record:
    random, (inputs, hidden) = Random(cell_class.__name__, name), sizes
    cell = drawn(cell_class(inputs, hidden, bias=bias), random)
    has_memory = cell_class is nn.LSTMCell
    given = leaves(
        x=random.tensor(rows, inputs),
        hidden=random.tensor(rows, hidden),
        cell=random.tensor(rows, hidden) if has_memory else None,
    )
    state = (given["hidden"], given["cell"]) if has_memory else given["hidden"]
    result = cell(given["x"], state)
    outputs = {"hidden": result[0] if has_memory else result, "cell": result[1] if has_memory else None}
    upstream = {key: None if value is None else random.tensor(*value.shape) for key, value in outputs.items()}
    options = {"inputSize": inputs, "hiddenSize": hidden, "bias": bias}
    return {"name": name, "options": options} | _recorded(cell, given, outputs, upstream)


def _cells(cell_class: type[nn.RNNCellBase]) -> list[Record]:
    return [
        _cell("bias", cell_class, 4, (3, 5), True),
        _cell("no bias", cell_class, 3, (6, 4), False),
        _cell("one row", cell_class, 1, (2, 3), True),
    ]


def _layer(
    name: str,
    layer_class: type[nn.RNNBase],
    lengths: list[int],
    given_state: bool = False,
    final_in_loss: bool = False,
    **options: object,
) -> Record:
    random = Random(layer_class.__name__, name)
    options = {"input_size": 3, "hidden_size": 4, "num_layers": 1, "bias": True, "bidirectional": False} | options
    layer = drawn(layer_class(**options, batch_first=True), random)
    has_memory = layer_class is nn.LSTM
    state_shape = (options["num_layers"] * (1 + options["bidirectional"]), len(lengths), options["hidden_size"])
    given = leaves(
        x=random.tensor(sum(lengths), options["input_size"]),
        hidden=random.tensor(*state_shape) if given_state else None,
        cell=random.tensor(*state_shape) if given_state and has_memory else None,
    )
    state = None if not given_state else (given["hidden"], given["cell"]) if has_memory else given["hidden"]
    sequences = pack_padded_sequence(
        padded(given["x"], lengths), torch.tensor(lengths), batch_first=True, enforce_sorted=False
    )
    result, final = layer(sequences, state)
    outputs = {
        "output": packed(pad_packed_sequence(result, batch_first=True)[0], lengths),
        "hidden": final[0] if has_memory else final,
        "cell": final[1] if has_memory else None,
    }
    upstream = {
        key: None if value is None or (key != "output" and not final_in_loss) else random.tensor(*value.shape)
        for key, value in outputs.items()
    }
    recorded = {"name": name, "options": {camel_case(key): value for key, value in options.items()}, "lengths": lengths}
    return recorded | _recorded(layer, given, outputs, upstream)


def _layers(layer_class: type[nn.RNNBase]) -> list[Record]:
    return [
        _layer("one layer", layer_class, [5]),
        _layer("one layer, three lengths", layer_class, [2, 4, 3]),
        _layer("one layer, no bias", layer_class, [3, 3], bias=False),
        _layer("one layer, final state in the loss", layer_class, [3, 1, 4], final_in_loss=True),
        _layer("one layer, initial state given", layer_class, [2, 4], given_state=True, final_in_loss=True),
        _layer("two layers, three lengths", layer_class, [3, 1, 4], num_layers=2, final_in_loss=True),
        _layer("bidirectional, three lengths", layer_class, [2, 4, 3], bidirectional=True, final_in_loss=True),
        _layer(
            "two layers, bidirectional, two lengths",
            layer_class,
            [4, 2],
            num_layers=2,
            bidirectional=True,
            hidden_size=3,
        ),
    ]


def generate() -> int:
    gru = {"cells": _cells(nn.GRUCell), "layers": _layers(nn.GRU)}
    lstm = {"cells": _cells(nn.LSTMCell), "layers": _layers(nn.LSTM)}
    write("gru.json", {}, gru)
    write("lstm.json", {}, lstm)
    return sum(map(len, [*gru.values(), *lstm.values()]))
