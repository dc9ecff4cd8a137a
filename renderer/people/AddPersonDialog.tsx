import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { roles } from "../../shared/access/roles";
import { TaskDialog } from "../account/TaskDialog";
import { isFailure } from "../bridge/bridge-failure";
import { call, failureOf } from "../bridge/call";
import { Select } from "../design/Select";
import { TextField } from "../design/TextField";
import type { HandOver } from "./hand-over";
import { emptyDraft, judge, type NewPerson, type PersonDraft, type PersonField } from "./new-person";

export interface AddPersonDialogProps {
  readonly onClose: () => void;
  readonly onHandOver: (handOver: HandOver) => void;
}

const roleOptions = roles.map((role) => ({ value: role, label: role }));

/** A new account. Its temporary password is shown once it is made. */
export function AddPersonDialog({ onClose, onHandOver }: AddPersonDialogProps) {
  const client = useQueryClient();
  const [draft, setDraft] = useState<PersonDraft>(emptyDraft);
  /** Nobody is told off before they pressed the button once. */
  const [tried, setTried] = useState(false);
  const { person, faults } = judge(draft);
  const add = useMutation({
    mutationFn: (given: NewPerson) => call("people.add", given),
    onSuccess: ({ temporaryPassword }, given) => {
      onClose();
      onHandOver({ name: given.name, username: given.username, password: temporaryPassword });
      return client.invalidateQueries({ queryKey: ["command", "people.list"] });
    },
    gcTime: 0,
  });
  const takenUsername = isFailure(add.error, "USERNAME_TAKEN");
  const takenStaffId = isFailure(add.error, "STAFF_ID_TAKEN");
  const set = (field: PersonField) => (value: string) => {
    add.reset();
    setDraft((before) => ({ ...before, [field]: value }));
  };
  const fault = (field: PersonField) => (tried ? faults[field] : null);
  return (
    <TaskDialog
      title="Add person"
      act="Add person"
      onClose={onClose}
      onSubmit={() => {
        setTried(true);
        if (person) add.mutate(person);
      }}
      ready
      busy={add.isPending}
      busyWords="Adding. This takes a moment."
      failure={add.isError && !takenUsername && !takenStaffId ? failureOf(add.error) : null}
    >
      <TextField
        label="Name"
        value={draft.name}
        onChange={set("name")}
        error={fault("name")}
        maxLength={80}
        autoFocus
      />
      <TextField
        label="Staff id"
        value={draft.staffId}
        onChange={set("staffId")}
        error={takenStaffId ? failureOf(add.error).message : fault("staffId")}
        maxLength={20}
        description="As on the staff card. It cannot be changed later."
      />
      <TextField
        label="Username"
        value={draft.username}
        onChange={set("username")}
        error={takenUsername ? failureOf(add.error).message : fault("username")}
        maxLength={40}
      />
      <Select
        label="Role"
        placeholder="Choose a role"
        options={roleOptions}
        value={draft.role}
        onChange={set("role")}
        error={fault("role")}
      />
      <TextField
        label="Department"
        value={draft.department}
        onChange={set("department")}
        error={fault("department")}
        maxLength={80}
      />
    </TaskDialog>
  );
}
