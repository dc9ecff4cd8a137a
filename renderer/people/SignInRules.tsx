import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { badgeRules, type SignInRule } from "../../shared/account/account";
import { call, failureOf } from "../bridge/call";
import { commandQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { type Column, DataTable } from "../design/DataTable";
import { EmptyState } from "../design/EmptyState";
import { ErrorState } from "../design/ErrorState";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import { Select } from "../design/Select";
import { badgeRuleWords, ruleSentence } from "./people-words";
import styles from "./SignInRules.module.css";

const factorOptions = [
  { value: "optional", label: "Optional" },
  { value: "required", label: "Required" },
] as const;
const badgeOptions = badgeRules.map((value) => ({ value, label: badgeRuleWords[value] }));

/** By which rules each role signs in. A change counts at once, for every workstation, and can be undone. */
export function SignInRules() {
  const client = useQueryClient();
  const shown = commandQuery("people.rules", {});
  const rules = useQuery({ ...shown, staleTime: 0 });
  const [undo, setUndo] = useState<SignInRule | null>(null);
  const change = useMutation({
    mutationFn: ({ to }: { to: SignInRule; from: SignInRule | null }) => call("people.changeRule", to),
    // Shown at once: a second change made meanwhile must build on it. What is refused comes back as it was.
    onMutate: ({ to }) =>
      client.setQueryData(shown.queryKey, (before) =>
        before ? { rules: before.rules.map((rule) => (rule.role === to.role ? to : rule)) } : before,
      ),
    onSuccess: (_answer, { from }) => setUndo(from),
    onSettled: () => client.invalidateQueries({ queryKey: shown.queryKey }),
  });
  const columns: readonly Column<SignInRule>[] = [
    { id: "role", header: "Role", isRowHeader: true, width: "9rem", cell: ({ role }) => role },
    {
      id: "second-factor",
      header: "Second factor",
      width: "14rem",
      cell: (rule) => (
        <Select
          label={`Second factor of ${rule.role}`}
          hideLabel
          options={factorOptions}
          value={rule.secondFactor}
          onChange={(secondFactor) => change.mutate({ to: { ...rule, secondFactor }, from: rule })}
        />
      ),
    },
    {
      id: "badge",
      header: "Badge",
      cell: (rule) => (
        <Select
          label={`Badge of ${rule.role}`}
          hideLabel
          options={badgeOptions}
          value={rule.badge}
          onChange={(badge) => change.mutate({ to: { ...rule, badge }, from: rule })}
        />
      ),
    },
  ];
  return (
    <Panel title="Sign-in rules">
      <QueryView query={rules} label="Loading the rules" rows={6}>
        {(data) => (
          <div className={styles.rules}>
            <DataTable
              label="Sign-in rules"
              columns={columns}
              rows={data.rules}
              rowKey={({ role }) => role}
              empty={<EmptyState title="No rules">Everybody signs in with the password alone.</EmptyState>}
            />
          </div>
        )}
      </QueryView>
      <div className={styles.said}>
        <p role="status">{change.isSuccess ? `Saved. ${ruleSentence(change.variables.to)}` : ""}</p>
        {change.isSuccess && undo ? (
          <Button isDisabled={change.isPending} onPress={() => change.mutate({ to: undo, from: null })}>
            Undo
          </Button>
        ) : null}
      </div>
      {change.isError ? <ErrorState failure={failureOf(change.error)} title="not changed" /> : null}
      <p className={styles.soft}>
        A rule counts from the next sign-in of each person. A badge alone never opens drafts or data kept for work
        without network: those need the password.
      </p>
    </Panel>
  );
}
