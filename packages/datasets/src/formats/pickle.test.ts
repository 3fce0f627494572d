import { DataError } from "@vicinal/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asCsr, asMap, asNumbers, readPickle } from "./pickle.ts";

/** `scipy.sparse.csr_matrix([[0, 2, 0], [1, 0, 0], [0, 0, 0]], dtype="f4")` as Python 3 pickles it, by protocol. */
const matrices = {
  2: "gAJjc2NpcHkuc3BhcnNlLl9jc3IKY3NyX21hdHJpeApxACmBcQF9cQIoWAYAAABfc2hhcGVxA0sDSwOGcQRYCAAAAG1heHByaW50cQVLMlgGAAAAaW5kcHRycQZjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQdjbnVtcHkKbmRhcnJheQpxCEsAhXEJY19jb2RlY3MKZW5jb2RlCnEKWAEAAABicQtYBgAAAGxhdGluMXEMhnENUnEOh3EPUnEQKEsBSwSFcRFjbnVtcHkKZHR5cGUKcRJYAgAAAGk0cROJiIdxFFJxFShLA1gBAAAAPHEWTk5OSv////9K/////0sAdHEXYoloClgQAAAAAAAAAAEAAAACAAAAAgAAAHEYaAyGcRlScRp0cRtiWAcAAABpbmRpY2VzcRxoB2gISwCFcR1oDodxHlJxHyhLAUsChXEgaBWJaApYCAAAAAEAAAAAAAAAcSFoDIZxIlJxI3RxJGJYBAAAAGRhdGFxJWgHaAhLAIVxJmgOh3EnUnEoKEsBSwKFcSloElgCAAAAZjRxKomIh3ErUnEsKEsDaBZOTk5K/////0r/////SwB0cS1iiWgKWAkAAAAAAABAAADCgD9xLmgMhnEvUnEwdHExYnViLg==",
  3: "gANjc2NpcHkuc3BhcnNlLl9jc3IKY3NyX21hdHJpeApxACmBcQF9cQIoWAYAAABfc2hhcGVxA0sDSwOGcQRYCAAAAG1heHByaW50cQVLMlgGAAAAaW5kcHRycQZjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQdjbnVtcHkKbmRhcnJheQpxCEsAhXEJQwFicQqHcQtScQwoSwFLBIVxDWNudW1weQpkdHlwZQpxDlgCAAAAaTRxD4mIh3EQUnERKEsDWAEAAAA8cRJOTk5K/////0r/////SwB0cRNiiUMQAAAAAAEAAAACAAAAAgAAAHEUdHEVYlgHAAAAaW5kaWNlc3EWaAdoCEsAhXEXaAqHcRhScRkoSwFLAoVxGmgRiUMIAQAAAAAAAABxG3RxHGJYBAAAAGRhdGFxHWgHaAhLAIVxHmgKh3EfUnEgKEsBSwKFcSFoDlgCAAAAZjRxIomIh3EjUnEkKEsDaBJOTk5K/////0r/////SwB0cSViiUMIAAAAQAAAgD9xJnRxJ2J1Yi4=",
  4: "gASVaAEAAAAAAACMEXNjaXB5LnNwYXJzZS5fY3NylIwKY3NyX21hdHJpeJSTlCmBlH2UKIwGX3NoYXBllEsDSwOGlIwIbWF4cHJpbnSUSzKMBmluZHB0cpSMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAxfcmVjb25zdHJ1Y3SUk5SMBW51bXB5lIwHbmRhcnJheZSTlEsAhZRDAWKUh5RSlChLAUsEhZRoDIwFZHR5cGWUk5SMAmk0lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGKJQxAAAAAAAQAAAAIAAAACAAAAlHSUYowHaW5kaWNlc5RoC2gOSwCFlGgQh5RSlChLAUsChZRoGIlDCAEAAAAAAAAAlHSUYowEZGF0YZRoC2gOSwCFlGgQh5RSlChLAUsChZRoFYwCZjSUiYiHlFKUKEsDaBlOTk5K/////0r/////SwB0lGKJQwgAAABAAACAP5R0lGJ1Yi4=",
  5: "gAWVSQEAAAAAAACMEXNjaXB5LnNwYXJzZS5fY3NylIwKY3NyX21hdHJpeJSTlCmBlH2UKIwGX3NoYXBllEsDSwOGlIwIbWF4cHJpbnSUSzKMBmluZHB0cpSME251bXB5Ll9jb3JlLm51bWVyaWOUjAtfZnJvbWJ1ZmZlcpSTlCiWEAAAAAAAAAAAAAAAAQAAAAIAAAACAAAAlIwFbnVtcHmUjAVkdHlwZZSTlIwCaTSUiYiHlFKUKEsDjAE8lE5OTkr/////Sv////9LAHSUYksEhZSMAUOUdJRSlIwHaW5kaWNlc5RoCyiWCAAAAAAAAAABAAAAAAAAAJRoEksChZRoFnSUUpSMBGRhdGGUaAsolggAAAAAAAAAAAAAQAAAgD+UaA+MAmY0lImIh5RSlChLA2gTTk5OSv////9K/////0sAdJRiSwKFlGgWdJRSlHViLg==",
} as const;

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));
const pickled = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

describe("readPickle", () => {
  it.each(Object.entries(matrices))("reads a scipy CSR matrix of protocol %s", (_, base64) => {
    const matrix = asCsr("test", readPickle("test", bytesOf(base64)));
    expect(matrix).toMatchObject({ rows: 3, columns: 3 });
    expect(matrix.indptr.values).toEqual(Int32Array.of(0, 1, 2, 2));
    expect(matrix.indices.values).toEqual(Int32Array.of(1, 0));
    expect(matrix.data.values).toEqual(Float32Array.of(2, 1));
  });

  it("reads an array of Python 2, whose bytes are a string", () => {
    const array =
      "\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01K\x02K\x02\x86cnumpy\ndtype\n" +
      "U\x02u1K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89U\x04\x01\x80\x9f\xfftb.";
    expect(asNumbers("test", readPickle("test", pickled(array)))).toEqual({
      shape: [2, 2],
      values: Uint8Array.of(0x01, 0x80, 0x9f, 0xff),
    });
  });

  it("reads a dictionary of lists", () => {
    const lists = readPickle("test", bytesOf("gAJ9cQAoSwBdcQEoSwFLAmVLAV1xAnUu"));
    expect(asMap("test", lists)).toEqual(
      new Map([
        [0, [1, 2]],
        [1, []],
      ]),
    );
  });

  it.each([
    ["os.system", "cos\nsystem\n(S'echo'\ntR."],
    ["builtins.eval", "\x80\x04\x8c\x08builtins\x8c\x04eval\x93\x8c\x011\x85R."],
  ])("refuses a pickle that names %s", (name, text) => {
    const read = () => readPickle("test", pickled(text));
    expect(read).toThrow(expect.objectContaining({ code: "forbidden-pickle-name" }));
    expect(read).toThrow(name);
  });

  it("refuses a length that leads backwards, which would be read for ever", () => {
    expect(() => readPickle("test", pickled("\x80\x03B\xfb\xff\xff\xff."))).toThrow(
      expect.objectContaining({ code: "malformed-pickle" }),
    );
  });

  it("refuses to set the state of what a name stands for", () => {
    expect(() => readPickle("test", pickled("\x80\x02cnumpy\nndarray\n}U\x01aK\x01sb."))).toThrow(DataError);
  });

  it("refuses a list that claims billions of axes", () => {
    // An array whose shape is a list of which only the length was set.
    const text =
      "\x80\x02cnumpy.core.multiarray\n_reconstruct\n)R(K\x01]}U\x06lengthG\x41\xef\xff\xff\xff\xe0\x00\x00sb" +
      "cnumpy\ndtype\nU\x02u1\x85R\x89U\x00tb.";
    expect(() => asNumbers("test", readPickle("test", pickled(text)))).toThrow(
      expect.objectContaining({ code: "malformed-pickle" }),
    );
  });

  it("throws a DataError for every truncated pickle", () => {
    const whole = bytesOf(matrices[2]);
    for (let length = 0; length < whole.length; length++) {
      expect(() => readPickle("test", whole.subarray(0, length))).toThrow(
        expect.objectContaining({ code: "malformed-pickle" }),
      );
    }
  });

  it("gives a value or a DataError for damaged pickles, never anything else", () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(matrices)), damage, (base64, changes) => {
        const bytes = bytesOf(base64);
        for (const [place, value] of changes) bytes[place % bytes.length] = value;
        try {
          asCsr("test", readPickle("test", bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("says what it expected when the pickle holds something else", () => {
    const number = readPickle("test", pickled("\x80\x02K\x07."));
    expect(() => asCsr("x", number)).toThrow("x: expected the pickle to hold a scipy CSR matrix");
    expect(() => asNumbers("x", number)).toThrow("an array of numbers");
    expect(() => asMap("x", number)).toThrow("a dictionary");
  });
});
