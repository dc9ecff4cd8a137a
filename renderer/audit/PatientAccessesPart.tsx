import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Printer } from "lucide-react";
import { useState } from "react";
import { patientNumberSchema } from "../../shared/clinical/identifiers";
import type { ToolOutput } from "../../shared/tools/registry";
import type { AreaProps } from "../app/area-props";
import { toolQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { EmptyState } from "../design/EmptyState";
import { formatMoment } from "../design/format";
import { Link } from "../design/Link";
import { QueryView } from "../design/QueryView";
import { TextField } from "../design/TextField";
import form from "./AuditFilterForm.module.css";
import { Outcome, withSeconds } from "./AuditTable";
import { askedFilter, noFilter } from "./audit-filter";
import { type AccessesView, accessesPlace, accessesView, sessionPlace } from "./audit-view";
import { actionWords, detailWords, timesWords } from "./audit-words";
import styles from "./Report.module.css";
import { Printed } from "./SessionReport";

/** The most that one printed list holds. */
const most = 2000;

/** Who has looked at one patient, as a page that can be handed over. */
export function PatientAccessesPart({ session, place, go }: AreaProps) {
  const view = accessesView(place);
  return (
    <>
      <Question key={place.view ?? ""} view={view} go={go} />
      {view.patient === "" ? (
        <EmptyState title="No patient chosen">
          Type the number of a patient, or open it from the patient&apos;s own banner.
        </EmptyState>
      ) : (
        <Report view={view} reader={session.person} go={go} />
      )}
    </>
  );
}

function Question({ view, go }: { readonly view: AccessesView; readonly go: AreaProps["go"] }) {
  const [typed, setTyped] = useState(view);
  const unknown = typed.patient.trim() !== "" && !patientNumberSchema.safeParse(typed.patient).success;
  const turned = typed.from !== "" && typed.to !== "" && typed.from > typed.to;
  const faulty = typed.patient.trim() === "" || unknown || turned;
  return (
    <form
      aria-label="Patient and period"
      className={form.form}
      data-print="no"
      onSubmit={(event) => {
        event.preventDefault();
        if (!faulty) go(accessesPlace(typed.patient.trim().toUpperCase(), typed.from, typed.to));
      }}
    >
      <TextField
        label="Patient number"
        value={typed.patient}
        onChange={(patient) => setTyped({ ...typed, patient })}
        error={unknown ? "A patient number has 3 to 12 letters and digits, such as FCE57." : null}
        maxLength={12}
      />
      <TextField
        label="From"
        type="datetime-local"
        value={typed.from}
        onChange={(from) => setTyped({ ...typed, from })}
      />
      <TextField
        label="To"
        type="datetime-local"
        value={typed.to}
        onChange={(to) => setTyped({ ...typed, to })}
        error={turned ? "The end is before the beginning." : null}
      />
      <div className={form.buttons}>
        <Button variant="primary" type="submit" isDisabled={faulty}>
          Show who has looked
        </Button>
      </div>
    </form>
  );
}

function periodWords({ from, to }: AccessesView): string {
  if (from === "" && to === "") return "from the beginning of the audit until now";
  if (from === "") return `until ${formatMoment(to)}`;
  return to === "" ? `from ${formatMoment(from)} until now` : `from ${formatMoment(from)} until ${formatMoment(to)}`;
}

interface ReportProps {
  readonly view: AccessesView;
  readonly reader: AreaProps["session"]["person"];
  readonly go: AreaProps["go"];
}

function Report({ view, reader, go }: ReportProps) {
  const { from, to } = askedFilter({ ...noFilter, from: view.from, to: view.to }, true);
  const query = useQuery({
    ...toolQuery("get_patient_accesses", {
      patient_id: view.patient,
      limit: most,
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
    }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
  return (
    <QueryView query={query} label="Reading who has looked" rows={8}>
      {(found) => (
        <div className={styles.report} aria-busy={query.isFetching}>
          <div className={styles.tools} data-print="no">
            <Button onPress={() => window.print()}>
              <Printer aria-hidden size={16} />
              Print
            </Button>
          </div>
          <h2
            className={styles.heading}
          >{`${found.name}, Patient No. ${found.patient_id}: who has looked, ${periodWords(view)}`}</h2>
          <People found={found} />
          <Accesses found={found} period={periodWords(view)} go={go} />
          {found.entries.length < found.total ? (
            <p role="status">
              The newest {found.entries.length.toLocaleString("en-GB")} of {found.total.toLocaleString("en-GB")} are
              listed. Choose a shorter time to see the others.
            </p>
          ) : null}
          <Printed reader={reader} />
        </div>
      )}
    </QueryView>
  );
}

type Found = ToolOutput<"get_patient_accesses">;

function People({ found }: { readonly found: Found }) {
  if (found.people.length === 0)
    return <EmptyState title="Nobody">Nobody looked at this patient in this time, or tried to.</EmptyState>;
  return (
    <table className={styles.table} aria-label="People who have looked">
      <thead>
        <tr>
          {["Who", "Role", "Looked", "First", "Last"].map((word) => (
            <th key={word} scope="col">
              {word}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {found.people.map((person) => (
          <tr key={`${person.staff_id} ${person.role}`}>
            <th scope="row">
              {person.staff_name ?? "Nobody signed in"} <span className={styles.soft}>{person.staff_id}</span>
            </th>
            <td>{person.role ?? "None"}</td>
            <td>{timesWords(person.granted, person.refused)}</td>
            <td>{formatMoment(person.first_at)}</td>
            <td>{formatMoment(person.last_at)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const heads = ["When", "Who", "What", "Outcome", "Detail", "Workstation", "Session"] as const;

function Accesses({
  found,
  period,
  go,
}: {
  readonly found: Found;
  readonly period: string;
  readonly go: AreaProps["go"];
}) {
  if (found.entries.length === 0) return null;
  return (
    <table className={styles.table} aria-label="Who has looked at this patient">
      <thead>
        <tr className={styles.running}>
          <th scope="colgroup" colSpan={heads.length}>
            {`${found.name}, Patient No. ${found.patient_id}, ${period}`}
          </th>
        </tr>
        <tr>
          {heads.map((word) => (
            <th key={word} scope="col">
              {word}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {found.entries.map((entry) => (
          <tr key={`${entry.chain} ${entry.sequence}`}>
            <th scope="row">{withSeconds(entry.at)}</th>
            <td>
              {entry.staff_name ?? "Nobody signed in"}
              {entry.role ? `, ${entry.role}` : ""}
            </td>
            <td>
              {actionWords[entry.action]} <span className={styles.soft}>{entry.tool}</span>
              {entry.others > 0 ? <span className={styles.soft}> with {entry.others} others</span> : null}
            </td>
            <td>
              <Outcome entry={entry} />
            </td>
            <td>{detailWords(entry.detail)}</td>
            <td>{entry.workstation ?? "Not recorded"}</td>
            <td>
              {entry.session ? (
                <Link
                  onPress={() => go(sessionPlace(entry.session ?? ""))}
                  aria-label={`Session ${entry.session.slice(0, 8)}`}
                >
                  {entry.session.slice(0, 8)}
                </Link>
              ) : (
                "None"
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
