// The module of what recurrent cells need.

export { gruGates, gruGatesGradient, lstmGates, lstmGatesGradient } from "./gates";
