import { useId } from "preact/hooks";

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly disabled?: boolean;
}

export interface SelectFieldProps<Value extends string> extends FieldProps {
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly text: string }[];
  readonly onChange: (value: Value) => void;
}

/** One of a few values. */
export function SelectField<Value extends string>({
  label,
  hint,
  disabled,
  value,
  options,
  onChange,
}: SelectFieldProps<Value>) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        disabled={disabled}
        value={value}
        onChange={({ currentTarget }) => {
          const chosen = options.find((option) => option.value === currentTarget.value);
          if (chosen !== undefined) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
      {hint && <span class="hint">{hint}</span>}
    </div>
  );
}

export interface NumberFieldProps extends FieldProps {
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly onChange: (value: number) => void;
}

/** A whole number within limits: what lies beyond is taken as the limit when the field is left. */
export function NumberField({ label, hint, disabled, value, min, max, step = 1, onChange }: NumberFieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="number"
        inputMode="numeric"
        disabled={disabled}
        value={value}
        min={min}
        max={max}
        step={step}
        onChange={({ currentTarget }) => {
          const typed = Math.round(Number(currentTarget.value));
          const taken = Number.isFinite(typed) ? Math.min(max, Math.max(min, typed)) : value;
          currentTarget.value = String(taken);
          onChange(taken);
        }}
      />
      {hint && <span class="hint">{hint}</span>}
    </div>
  );
}
