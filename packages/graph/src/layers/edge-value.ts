import {
  type AttendInputs,
  type AttendOptions,
  type Attention,
  add,
  attend,
  dropout,
  type ParameterRanks,
  SparseNeighborhood,
  type Tensor,
  weightedSum,
} from "@vicinal/core";

/**
 * `attend.detailed` where edges bring a value of their own: `out_i = sum over j in N(i) of weight_ij * (value_j + edgeValue_ij)`. Takes
 * memory of edges x heads x channels, because the edges' values do.
 *
 * @param edgeValue `[edges, heads, channels]`, in the order of the neighborhood's positions.
 */
export function attendWithEdgeValues<Parameters extends ParameterRanks>(
  neighborhood: SparseNeighborhood,
  inputs: AttendInputs,
  edgeValue: Tensor,
  options: AttendOptions<Parameters>,
): Attention {
  const { dropout: probability = 0, seed } = options;
  const attention = attend.detailed(neighborhood, inputs, options);
  // What is dropped is a function of the seed: these are the weights that the values were summed with.
  const dropped = seed === undefined ? attention.weights : dropout(attention.weights, probability, seed);
  const ofEdges = weightedSum(edgesAsSenders(neighborhood), dropped, edgeValue);
  return { ...attention, output: add(attention.output, ofEdges) };
}

const ownSenders = new WeakMap<SparseNeighborhood, SparseNeighborhood>();

/** The same rows with every edge its own sender. */
function edgesAsSenders(neighborhood: SparseNeighborhood): SparseNeighborhood {
  let result = ownSenders.get(neighborhood);
  if (result === undefined) {
    const { offsets, edges } = neighborhood;
    const senderOf = Uint32Array.from({ length: edges }, (_, position) => position);
    result = SparseNeighborhood.fromRows({ offsets, senderOf, senders: edges });
    ownSenders.set(neighborhood, result);
  }
  return result;
}
