// The module of normalizers that give most senders no weight.

export { segmentEntmax, segmentEntmaxGradient } from "./entmax";
export { segmentHardmax } from "./hardmax";
