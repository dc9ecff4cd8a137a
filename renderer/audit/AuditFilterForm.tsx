import { useState } from "react";
import { auditActions } from "../../shared/audit/actions";
import { Button } from "../design/Button";
import { Select } from "../design/Select";
import { TextField } from "../design/TextField";
import styles from "./AuditFilterForm.module.css";
import { type AuditFilter, filterFaults, noFilter } from "./audit-filter";
import { actionWords } from "./audit-words";

export interface AuditFilterFormProps {
  readonly shown: AuditFilter;
  /** False for one's own history, which has one person in it. */
  readonly withStaff: boolean;
  readonly onShow: (filter: AuditFilter) => void;
}

/** The filter. It is asked on a button and not on each key, because every reading of the audit is itself an entry. */
export function AuditFilterForm({ shown, withStaff, onShow }: AuditFilterFormProps) {
  const [filter, setFilter] = useState(shown);
  const faults = filterFaults(filter);
  const faulty = Object.keys(faults).length > 0;
  const set = <Field extends keyof AuditFilter>(field: Field) => {
    return (value: AuditFilter[Field]) => setFilter({ ...filter, [field]: value });
  };
  return (
    <form
      aria-label="Filter"
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!faulty) onShow(filter);
      }}
    >
      <Select
        label="Action"
        value={filter.action}
        onChange={set("action")}
        options={[
          { value: "" as const, label: "All" },
          ...auditActions.map((action) => ({ value: action, label: actionWords[action] })),
        ]}
      />
      <Select
        label="Outcome"
        value={filter.outcome}
        onChange={set("outcome")}
        options={[
          { value: "", label: "All" },
          { value: "granted", label: "Granted" },
          { value: "denied", label: "Denied" },
        ]}
      />
      {withStaff ? <TextField label="Staff id" value={filter.staff} onChange={set("staff")} maxLength={40} /> : null}
      <TextField
        label="Patient number"
        value={filter.patient}
        onChange={set("patient")}
        error={faults.patient}
        maxLength={12}
      />
      <TextField label="From" type="date" value={filter.from} onChange={set("from")} />
      <TextField label="To" type="date" value={filter.to} onChange={set("to")} error={faults.to} />
      <div className={styles.buttons}>
        <Button variant="primary" type="submit" isDisabled={faulty}>
          Show entries
        </Button>
        <Button
          onPress={() => {
            setFilter(noFilter);
            onShow(noFilter);
          }}
        >
          Clear
        </Button>
      </div>
    </form>
  );
}
