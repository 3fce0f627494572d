export { dangersIn, elementsOf, textOf } from "./elements.ts";
