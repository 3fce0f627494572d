import type { ReferenceKernels } from "./memory.ts";

export const optimiseKernels: ReferenceKernels<"adam"> = {
  adam(args, memory) {
    const { learningRate, beta1, beta2, epsilon, weightDecay, decoupled, correction1, correction2 } = args;
    const p = memory.floats(args.parameter);
    const gradient = memory.floats(args.gradient);
    const m = memory.floats(args.firstMoment);
    const v = memory.floats(args.secondMoment);
    for (let i = 0; i < p.length; i++) {
      const g = gradient[i]! + (decoupled ? 0 : weightDecay * p[i]!);
      m[i] = beta1 * m[i]! + (1 - beta1) * g;
      v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
      const step = m[i]! / correction1 / (Math.sqrt(v[i]! / correction2) + epsilon);
      p[i]! -= learningRate * (step + (decoupled ? weightDecay * p[i]! : 0));
    }
  },
};
