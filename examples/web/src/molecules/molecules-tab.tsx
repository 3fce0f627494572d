import { useEffect, useRef, useState } from "preact/hooks";
import { LiveStatus } from "../page/notice.tsx";
import { statusInWords } from "./in-words.ts";
import { ModelPanel } from "./model-panel.tsx";
import "./molecules.css";
import { PredictionList } from "./prediction-list.tsx";
import { TrainingPanel } from "./training-panel.tsx";
import { useMoleculeWorker } from "./worker-connection.ts";
import { WrittenBox } from "./written-box.tsx";

/** What the text box holds at first: some that are in the list that comes with the page, and one that is not. */
const firstText = `CC(=O)Oc1ccccc1C(=O)O aspirin
CC(=O)Nc1ccc(O)cc1 paracetamol
Cn1c(=O)c2c(ncn2C)n(C)c1=O caffeine
CC(C)Cc1ccc(cc1)C(C)C(=O)O ibuprofen
COc1cc(CNC(=O)CCCC/C=C/C(C)C)ccc1O capsaicin
OC[C@H]1OC(O)[C@H](O)[C@@H](O)[C@@H]1O glucose
CCCCCCCCCCCC dodecane
NCC(=O)NCC(=O)O glycylglycine
`;

/** After the last key stroke, so many milliseconds pass before the text box is read. */
const readAfter = 350;

/** Predicts properties of molecules, by networks that are trained in the page or come out of a file. */
export function MoleculesTab() {
  const connection = useMoleculeWorker();
  const { state, act, ask } = connection;
  const [text, setText] = useState(firstText);
  const isStarting = state.phase === "starting";
  const wasRead = useRef<string | undefined>(undefined);

  useEffect(() => {
    if (isStarting || wasRead.current === text) return;
    const timer = setTimeout(
      () => {
        wasRead.current = text;
        act({ kind: "write", text });
      },
      wasRead.current === undefined ? 0 : readAfter,
    );
    return () => clearTimeout(timer);
  }, [text, isStarting]);

  useEffect(() => {
    if (state.list === 0) return;
    ask({ kind: "list", list: state.list, smiles: state.written.molecules.map(({ smiles }) => smiles) });
  }, [state.list]);

  return (
    <div class="molecules">
      <div class="molecules-input">
        <WrittenBox text={text} onText={setText} state={state} />
        <TrainingPanel {...connection} />
      </div>
      <div class="molecules-main">
        <LiveStatus>{statusInWords(state)}</LiveStatus>
        <PredictionList state={state} ask={ask} />
      </div>
      <div class="molecules-model">
        <ModelPanel {...connection} />
      </div>
    </div>
  );
}
