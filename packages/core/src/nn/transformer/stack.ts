import type { Neighborhood } from "../../attention/neighborhood/neighborhood.ts";
import { sequences } from "../../attention/neighborhood/sequences.ts";
import type { PositionBias } from "../../attention/position/position-bias.ts";
import { positionsOf } from "../../attention/position/positions.ts";
import { checkCounts } from "../../check-options.ts";
import { checkOptionNames } from "../../errors.ts";
import { expectShape } from "../../expect-shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Dropout } from "../dropout-layer.ts";
import type { KeyValue } from "../key-value.ts";
import { LayerNorm } from "../layer-norm.ts";
import { Module, type Training } from "../module.ts";
import type { RotaryAttentionOptions } from "../multi-head-options.ts";
import type { TransformerLayerStep, TransformerStepContext } from "./encoder-layer.ts";
import { checkStep, type GenerationState, type GenerationStep, stepContext } from "./generation.ts";
import { layerOptionNames, type TransformerLayerOptions } from "./layer-options.ts";
import { type StackPositionOptions, StackPositions, stackPositionNames } from "./stack-positions.ts";

/** Options that {@link TransformerEncoder} and {@link TransformerDecoder} share. */
export interface TransformerStackOptions extends Omit<TransformerLayerOptions, "rotary">, StackPositionOptions {
  /** Count of layers. */
  readonly layers: number;
  /** Whether the output of the last layer is normalized. Default: true where layers normalize first, else false. */
  readonly finalNorm?: boolean;
}

const optionNames = [
  ...layerOptionNames.filter((name) => name !== "rotary"),
  ...stackPositionNames,
  "layers",
  "finalNorm",
];

/** What a stack of layers reads beside the elements. */
export interface TransformerStackContext {
  /** The length of each sequence; they lie one after the other, without padding. Default: one sequence of all elements. */
  readonly lengths?: ArrayLike<number> | undefined;
  /** Who attends to whom. Default: each element to those of its sequence, to itself and those before it only where the stack is causal. */
  readonly neighborhood?: Neighborhood | undefined;
  /** Given while training. */
  readonly training?: Training | undefined;
}

/** Packed sequences as layers read them. */
export interface PackedSequences {
  /** The position of each element in its sequence. */
  readonly positions: Uint32Array;
  /** Who attends to whom. */
  readonly neighborhood: Neighborhood;
  /** What is added to the logits. */
  readonly bias: readonly PositionBias[];
}

/** What stacks of transformer layers share: how elements learn their positions, and what stands before and after the layers. */
export abstract class TransformerStack<Layer extends Module> extends Module {
  /** Width of the elements. */
  readonly width: number;
  /** Whether elements attend to those before them and themselves only. */
  readonly causal: boolean;
  /** What says where an element stands. */
  readonly positions: StackPositions;
  /** On the sum of elements and positions, where positions are added. */
  readonly dropout: Dropout;
  /** First to last. */
  readonly layers: readonly Layer[];
  /** On the output of the last layer; undefined when it is not normalized. */
  readonly finalNorm: LayerNorm | undefined;
  readonly #name: string;

  protected constructor(
    name: string,
    width: number,
    causal: boolean,
    options: TransformerStackOptions,
    moreNames: readonly string[],
    layer: (rotary: RotaryAttentionOptions | false) => Layer,
  ) {
    super();
    checkOptionNames(name, options, [...optionNames, ...moreNames]);
    const {
      random,
      engine,
      layers,
      finalNorm,
      heads = 1,
      normalization = "post",
      dropout = 0,
      epsilon = 1e-5,
    } = options;
    checkCounts(name, { width, layers, heads });
    this.#name = name;
    this.width = width;
    this.causal = causal;
    this.positions = new StackPositions(name, options, { width, heads, causal, random, engine });
    this.dropout = new Dropout(dropout);
    this.layers = Array.from({ length: layers }, () => layer(this.positions.rotary ?? false));
    this.finalNorm = (finalNorm ?? normalization === "pre") ? new LayerNorm(width, { engine, epsilon }) : undefined;
  }

  /** @throws ShapeError `shapes-differ` unless the lengths are those of `x`. */
  protected pack(
    x: Tensor,
    { lengths = [x.shape[0] ?? 0], neighborhood, training }: TransformerStackContext,
  ): PackedSequences & Pick<TransformerStackContext, "training"> {
    const positions = positionsOf(lengths);
    const count = positions.length;
    expectShape(this.#name, "x", x, [count, this.width], `, because the lengths of the sequences sum to ${count}`);
    return {
      positions,
      neighborhood: neighborhood ?? sequences(lengths, { causal: this.causal }),
      bias: this.positions.bias(positions),
      training,
    };
  }

  /** The elements through all layers, and what stands before and after them; `read` says what a layer makes of what the one before it made. */
  protected through(
    x: Tensor,
    { positions, training }: Pick<PackedSequences, "positions"> & Pick<TransformerStackContext, "training">,
    read: (layer: Layer, x: Tensor, index: number) => Tensor,
  ): Tensor {
    let out = this.start(x, positions, training);
    this.layers.forEach((layer, index) => {
      out = read(layer, out, index);
    });
    return this.finish(out);
  }

  /** One more element for each sequence of a state; `step` says how a layer continues what it remembers. */
  protected continue<State extends GenerationState>(
    x: Tensor,
    state: State,
    step: (
      layer: Layer,
      x: Tensor,
      remembered: KeyValue | undefined,
      context: TransformerStepContext,
      index: number,
    ) => TransformerLayerStep,
  ): GenerationStep<State> {
    checkStep(this.#name, x, state, this);
    const context = stepContext(state, this.positions);
    const remembered: KeyValue[] = [];
    const output = this.through(x, context, (layer, y, index) => {
      const next = step(layer, y, state.remembered[index], context, index);
      remembered.push(next.remembered);
      return next.output;
    });
    return { output, state: { ...state, steps: state.steps + 1, remembered } };
  }

  /** What the first layer reads. */
  protected start(x: Tensor, positions: ArrayLike<number>, training?: Training): Tensor {
    const placed = this.positions.addTo(x, positions);
    return this.positions.isAdded ? this.dropout.forward(placed, { training }) : placed;
  }

  /** What follows the last layer. */
  protected finish(x: Tensor): Tensor {
    return this.finalNorm?.forward(x) ?? x;
  }
}
