import { Module, Tensor } from "@vicinal/core";

/**
 * Everything that a module must keep to answer as it does now, by the path of fields that leads to it: its parameters, as `namedParameters()`
 * lists them, and the tensors without a gradient that it holds in fields of its own, such as the running statistics of {@link BatchNorm}. They
 * are saved, restored and copied together, and only the parameters are trained.
 */
export function namedState(module: Module): Map<string, Tensor> {
  const found = new Map<string, Tensor>();
  collect(module, "", found);
  return found;
}

function collect(holder: object, path: string, found: Map<string, Tensor>): void {
  for (const [name, value] of Object.entries(holder)) {
    if (value instanceof Tensor) found.set(path + name, value);
    else if (value instanceof Module || Array.isArray(value)) collect(value, `${path}${name}.`, found);
  }
}
