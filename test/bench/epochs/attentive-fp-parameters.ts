import type { GRUCell, Linear, Tensor } from "@vicinal/core";
import type { AttentiveFP, GATConv } from "@vicinal/graph";

/** The parameters of an AttentiveFP by the names that PyTorch Geometric gives them. */
export function attentiveFPParameters(model: AttentiveFP): ReadonlyMap<string, Tensor> {
  const { gateConv } = model;
  const named: (readonly [string, Tensor | undefined])[] = [
    ...linear(model.linear1, "lin1"),
    ["gate_conv.att_l", gateConv.attLeft],
    ["gate_conv.att_r", gateConv.attRight],
    ...linear(gateConv.linear1, "gate_conv.lin1"),
    ...linear(gateConv.linear2, "gate_conv.lin2"),
    ["gate_conv.bias", gateConv.bias],
    ...cell(model.gru, "gru"),
    ...model.atomConvs.flatMap((conv, k) => gat(conv, `atom_convs.${k}`)),
    ...model.atomGrus.flatMap((gru, k) => cell(gru, `atom_grus.${k}`)),
    ...gat(model.molConv, "mol_conv"),
    ...cell(model.molGru, "mol_gru"),
    ...linear(model.linear2, "lin2"),
  ];
  return new Map(named.filter((entry): entry is readonly [string, Tensor] => entry[1] !== undefined));
}

function linear({ weight, bias }: Linear, prefix: string) {
  return [[`${prefix}.weight`, weight] as const, [`${prefix}.bias`, bias] as const];
}

function gat(conv: GATConv, prefix: string) {
  return [
    ...linear(conv.linear, `${prefix}.lin`),
    [`${prefix}.att_src`, conv.attSource] as const,
    [`${prefix}.att_dst`, conv.attTarget] as const,
    [`${prefix}.bias`, conv.bias] as const,
  ];
}

function cell({ weightIh, weightHh, biasIh, biasHh }: GRUCell, prefix: string) {
  return [
    [`${prefix}.weight_ih`, weightIh] as const,
    [`${prefix}.weight_hh`, weightHh] as const,
    [`${prefix}.bias_ih`, biasIh] as const,
    [`${prefix}.bias_hh`, biasHh] as const,
  ];
}
