import { describe, expect, it } from "vitest";
import { int64, npz } from "../testing/npz-writer.ts";
import { readSparseGraph } from "./sparse-graph.ts";

/**
 * `numpy.savez_compressed` of three nodes with whole scipy matrices: `adj_matrix` with the edges 0-1 and 0-2, `node_attr`
 * [[0, 2, 0], [1, 0, 0], [0, 0, 0]], `node_label` [0, 1, 0] and `class_names`.
 */
const objects =
  "UEsDBC0AAAAIAAAAIQBBcABy//////////8OABQAYWRqX21hdHJpeC5ucHkBABAAQgIAAAAAAABKAQAAAAAAAKWQPUsDQRCG7yuJRAttrE+bSyCkEAsRIUXAwsWLCBYWcmzuNtxC7oPdPUkwgVj4Edgu42/x5+ncRSEIqXzhHZjZmZeHXfl31zf3pvFoPHkRk6Hwzl1vNvA6rjfKhBI0DTIRsXJ8SceS4VzGNGfYt9odd+7+T82F8/FpGpX0YVok+bQbhJlg3aQYK06FoFPQe4FgYZZKJYpQwQp0rdoE3Uij9coKiPECfXMIb3ALLWK2Y1vXIjXNWblvDc5g+b5+srU5A9/3r75QVSE9BcPlA+gDGXIEkDkVkiGHFKCbWIOEKsEnmNR+hjm0dD2oPgGITexX0DsJneSCpwrIia7zNMqVgNiKayVU3PhBIg42u9rip5ssF39YjJKlv19+iIW20Q4acKwbGM1DJrdkH+Gd+XP3q+rOiaii24FGG0Dx8RacRW/TZWwxpFi731BLAwQtAAAACAAAACEA+rS+3///////////DQAUAG5vZGVfYXR0ci5ucHkBABAAMgIAAAAAAABQAQAAAAAAAKWQO0sDQRSFZ3fzIlpoY73abAIhhViICBECFg5uRLCwkGWyO2EHsg9mZsVgArHwEZgu19/gz9SZTYogsfLCXDh3DoePs/Tvrm/uLfSInr2IipB7Z643HXgd1xtlXHKSBhmPqDlfkrGg+i5iklOtW+2OO3P/N8155fPLQuWog7RI8kk3CDNOu0kxloxwTiagdgNOwywVkhehhCWoaukEVU+jlWUJGL1C3xrCO9xCC1vt2FHVSE5yavz24BQWH6svR1lT8H3/6ltPuXBPwnDxAGpfhEwDiJxwQTWH4KCaegcJkZw96aT2C8ygpWpBWQJgBztvoBoJeco5SyXgY1VjaZRLDrEdVw1UXF8j4YoWO8pmJ5ss579YkGHp75lCTC/2+oE+q7qOZiEVW7JtLQ4X/ca6y5W/EhFJ/jBrkNEGSHy0DaOhky4QmvdMXDEkend/AFBLAwQtAAAACAAAACEAikc3qP//////////DgAUAG5vZGVfbGFiZWwubnB5AQAQAJgAAAAAAAAASgAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2mhrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RrGOpo6CrUKFAAuBihgZEAFAFBLAwQtAAAACAAAACEAj4eoyv//////////DwAUAGNsYXNzX25hbWVzLm5weQEAEAAdAQAAAAAAAMkAAAAAAAAApYw/C4JQFMV9/SGI5ma3ZyAOTdHSEDQkWQQNDSEvfWFgKtdnIBW0RAVvytvnrWd+hH7DgXPuObdwVrPFmmhH7UR9nnpAhzo9z6mp010MAljkxuDzMp6wMOUqTwOWcOWNvtkz9Yv+D+1r4/3SKmQ3yg5JbrleDNw6ZKHYMwCWo+y4wL04SgVknsACZfPXRNmK/KpSoK3dcEy2eMclGjaxazcM6rLpizzh5aQ2H+DzUV3rkpzRcZzpR/ETeyRw+9ygIQlDqd5w5a0vUEsBAi0DLQAAAAgAAAAhAEFwAHJKAQAAQgIAAA4AAAAAAAAAAAAAAIABAAAAAGFkal9tYXRyaXgubnB5UEsBAi0DLQAAAAgAAAAhAPq0vt9QAQAAMgIAAA0AAAAAAAAAAAAAAIABigEAAG5vZGVfYXR0ci5ucHlQSwECLQMtAAAACAAAACEAikc3qEoAAACYAAAADgAAAAAAAAAAAAAAgAEZAwAAbm9kZV9sYWJlbC5ucHlQSwECLQMtAAAACAAAACEAj4eoyskAAAAdAQAADwAAAAAAAAAAAAAAgAGjAwAAY2xhc3NfbmFtZXMubnB5UEsFBgAAAAAEAAQA8AAAAK0EAAAAAA==";

const integers = (...values: number[]) => ({ type: "<i4", shape: [values.length], data: Int32Array.from(values) });
const floats = (...values: number[]) => ({ type: "<f4", shape: [values.length], data: Float32Array.from(values) });
const longs = (...values: number[]) => ({ type: "<i8", shape: [values.length], data: int64(values) });

/** The same graph with the parts of each matrix as arrays of their own: columns out of order, an explicit zero. */
const parts = {
  adj_data: floats(1, 1, 1, 0, 1),
  adj_indices: integers(2, 1, 0, 1, 0),
  adj_indptr: integers(0, 2, 4, 5),
  adj_shape: longs(3, 3),
  attr_data: floats(2, 1),
  attr_indices: integers(1, 0),
  attr_indptr: integers(0, 1, 2, 2),
  attr_shape: longs(3, 3),
  labels: longs(0, 1, 0),
};

describe("readSparseGraph", () => {
  it.each([
    ["scipy matrices", () => new Uint8Array(Buffer.from(objects, "base64"))],
    ["parts of matrices", () => npz(parts)],
  ])("reads a file of %s", (_, file) => {
    const { edges, features, labels } = readSparseGraph("test", file());
    expect(edges).toEqual({ sources: Uint32Array.of(0, 0, 1, 2), targets: Uint32Array.of(1, 2, 0, 0) });
    expect(features).toEqual({
      kind: "csr",
      rows: 3,
      columns: 3,
      indptr: Uint32Array.of(0, 1, 2, 2),
      indices: Uint32Array.of(1, 0),
      values: Float32Array.of(2, 1),
    });
    expect(labels).toEqual(Int32Array.of(0, 1, 0));
  });

  it("refuses row starts that do not fit the entries", () => {
    const file = npz({ ...parts, adj_indptr: integers(0, 2, 4, 6) });
    expect(() => readSparseGraph("test", file)).toThrow(expect.objectContaining({ code: "wrong-length" }));
  });
});
