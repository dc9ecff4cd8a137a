import { Select } from "../design/Select";
import { TextField } from "../design/TextField";
import type { ConsoleField } from "./console-fields";

export interface ConsoleInputProps {
  readonly field: ConsoleField;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** One input of the console. Nothing is refused here: what the server says to a bad request is what the console is for. */
export function ConsoleInput({ field, value, onChange }: ConsoleInputProps) {
  const label = field.required ? `${field.name} (required)` : field.name;
  const described = field.description === "" ? {} : { description: field.description };
  if (field.options.length > 0)
    return (
      <Select
        label={label}
        value={value}
        options={[
          { value: "", label: "Not given" },
          ...field.options.map((option) => ({ value: option, label: option })),
        ]}
        onChange={onChange}
        {...described}
      />
    );
  return (
    <TextField
      name={field.name}
      label={label}
      value={value}
      onChange={onChange}
      type={field.kind === "day" ? "date" : "text"}
      multiline={field.kind === "json"}
      {...described}
    />
  );
}
