import { useMutation, useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { Role } from "../../shared/access/roles";
import type { CommandOutput } from "../../shared/ipc/contract";
import { failureOf } from "../bridge/bridge-failure";
import { call } from "../bridge/call";
import { commandQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import { Select } from "../design/Select";
import { DraftLine } from "../drafts/DraftLine";
import { useDraft } from "../drafts/use-draft";
import { ConsoleInput } from "./ConsoleInput";
import { consoleArguments, consoleFields, responseWords } from "./console-fields";
import styles from "./ToolConsole.module.css";

type ConsoleTool = CommandOutput<"console.tools">["tools"][number];

/** Calls any tool as the person who is signed in and shows the request and the answer as they went over the wire. */
export function ToolConsole({ role }: { readonly role: Role }) {
  const tools = useQuery(commandQuery("console.tools", {}));
  return (
    <QueryView query={tools} label="Loading the tools">
      {(data) => <ConsoleForm tools={data.tools} role={role} />}
    </QueryView>
  );
}

function ConsoleForm({ tools, role }: { readonly tools: readonly ConsoleTool[]; readonly role: Role }) {
  const [chosen, setChosen] = useState<string | null>(null);
  // What was typed stays when another tool is chosen: the patient number is the same for most of them.
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const tool = tools.find((each) => each.name === chosen);
  const fields = tool ? consoleFields(tool.inputSchema) : [];
  const run = useMutation({
    mutationFn: (name: string) => call("console.call", { tool: name, arguments: consoleArguments(fields, typed) }),
  });
  const form = useRef<HTMLFormElement>(null);
  const draft = useDraft({
    place: "tool-console",
    version: 1,
    fields: { "tool chosen": chosen ?? "", ...typed },
    restore: ({ "tool chosen": tool, ...inputs }) => {
      setChosen(tool || null);
      setTyped(inputs);
    },
    form,
    held: run.isPending,
  });
  const choose = (name: string) => {
    setChosen(name);
    run.reset();
  };
  return (
    <div className={styles.console}>
      <form
        ref={form}
        aria-label="Tool console"
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen) run.mutate(chosen, { onSuccess: draft.settle });
        }}
      >
        <Select
          label="Tool"
          value={chosen}
          placeholder="Choose a tool"
          options={tools.map(({ name, allowed }) => ({
            value: name,
            label: allowed ? name : `${name} (denied to ${role})`,
          }))}
          onChange={choose}
          description={
            tool?.description ?? "Tools of other roles can be tried too: the server answers with its refusal."
          }
        />
        <DraftLine draft={draft} />
        {fields.map((field) => (
          <ConsoleInput
            key={field.name}
            field={field}
            value={typed[field.name] ?? ""}
            onChange={(value) => setTyped({ ...typed, [field.name]: value })}
          />
        ))}
        {tool && fields.length === 0 ? <p className={styles.none}>This tool needs no input.</p> : null}
        <div>
          <Button variant="primary" type="submit" isDisabled={chosen === null || run.isPending}>
            Call tool
          </Button>
        </div>
        {run.error ? <ErrorState failure={failureOf(run.error)} title="not called" /> : null}
        <p role="status">
          {run.data
            ? `${responseWords(run.data.response)}, ${Math.max(1, Math.round(run.data.milliseconds))} ms.`
            : run.isPending
              ? "Calling"
              : ""}
        </p>
      </form>
      <div className={styles.wire}>
        <Panel title="Request" level={3}>
          <Wire value={run.data?.request} empty="Nothing sent yet." />
        </Panel>
        <Panel title="Response" level={3}>
          <Wire value={run.data?.response} empty="Nothing received yet." />
        </Panel>
      </div>
    </div>
  );
}

function Wire({ value, empty }: { readonly value: unknown; readonly empty: string }) {
  if (value === undefined) return <p className={styles.none}>{empty}</p>;
  return (
    // a region that scrolls must be reachable by keyboard
    <pre tabIndex={0} className={styles.json}>
      {JSON.stringify(value, null, 2)}
    </pre>
  );
}
