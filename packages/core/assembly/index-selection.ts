// The module of normalizers that give most senders no weight.

// First in every module, so that what their constants have in common is in one place.
import "./functions";
import "./elementwise";

export { segmentEntmax, segmentEntmaxGradient } from "./entmax";
export { segmentHardmax } from "./hardmax";
