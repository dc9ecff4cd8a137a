import { useState } from "react";
import { roles } from "../../shared/access/roles";
import { auditActions } from "../../shared/audit/actions";
import { announcements } from "../../shared/tools/announcements";
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

const all = { value: "" as const, label: "All" };
const toolNames = announcements.map(({ name }) => name).sort();

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
      data-print="no"
      onSubmit={(event) => {
        event.preventDefault();
        if (!faulty) onShow(filter);
      }}
    >
      <Select
        label="Action"
        value={filter.action}
        onChange={set("action")}
        options={[all, ...auditActions.map((action) => ({ value: action, label: actionWords[action] }))]}
      />
      <Select
        label="Outcome"
        value={filter.outcome}
        onChange={set("outcome")}
        options={[all, { value: "granted", label: "Granted" }, { value: "denied", label: "Denied" }]}
      />
      {withStaff ? (
        <>
          <TextField label="Staff id or name" value={filter.staff} onChange={set("staff")} maxLength={80} />
          <Select
            label="Role"
            value={filter.role}
            onChange={set("role")}
            options={[all, ...roles.map((role) => ({ value: role, label: role }))]}
          />
        </>
      ) : null}
      <TextField
        label="Patient number"
        value={filter.patient}
        onChange={set("patient")}
        error={faults.patient}
        maxLength={12}
      />
      <TextField label="From" type="datetime-local" value={filter.from} onChange={set("from")} />
      <TextField label="To" type="datetime-local" value={filter.to} onChange={set("to")} error={faults.to} />
      <Select
        label="Tool"
        value={filter.tool}
        onChange={set("tool")}
        options={[all, ...toolNames.map((name) => ({ value: name, label: name }))]}
      />
      <TextField label="Workstation" value={filter.workstation} onChange={set("workstation")} maxLength={80} />
      <TextField
        label="Session"
        value={filter.session}
        onChange={set("session")}
        error={faults.session}
        maxLength={36}
      />
      <TextField label="Words in the detail" value={filter.detail} onChange={set("detail")} maxLength={80} />
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
