export { type Refusal, refused } from "./refused.ts";
export { type ProgramResult, runInMemory } from "./run-in-memory.ts";
