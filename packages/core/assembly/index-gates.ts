// The module of what recurrent cells need.

// First in every module, so that what their constants have in common is in one place.
import "./functions";
import "./elementwise";

export { gruGates, gruGatesGradient, lstmGates, lstmGatesGradient } from "./gates";
