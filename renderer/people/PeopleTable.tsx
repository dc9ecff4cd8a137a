import { useState } from "react";
import type { StaffAccount } from "../../shared/account/account";
import { Age } from "../design/Age";
import { nowMilliseconds, useNow } from "../design/clock";
import { type Column, DataTable } from "../design/DataTable";
import { EmptyState } from "../design/EmptyState";
import { Link } from "../design/Link";
import { SearchField } from "../design/SearchField";
import { Select } from "../design/Select";
import { AccountStateMark } from "./AccountStateMark";
import styles from "./PeoplePart.module.css";
import { filters, filterWords, type PeopleFilter, peopleFound, sessionCountWords, stateOf } from "./people-words";

export interface PeopleTableProps {
  readonly people: readonly StaffAccount[];
  readonly onOpen: (account: StaffAccount) => void;
}

const filterOptions = filters.map((value) => ({ value, label: filterWords[value] }));

/** The staff, by name. A name opens what may be done with the account. */
export function PeopleTable({ people, onOpen }: PeopleTableProps) {
  const [typed, setTyped] = useState("");
  const [filter, setFilter] = useState<PeopleFilter>("everybody");
  const now = useNow();
  const found = peopleFound(people, typed, filter, now);
  return (
    <>
      <div className={styles.filters}>
        <SearchField
          label="Find person"
          value={typed}
          onChange={setTyped}
          placeholder="Name, username, role or department"
        />
        <Select label="Show" options={filterOptions} value={filter} onChange={setFilter} />
        <p role="status" className={styles.count}>
          {found.length === people.length ? `${people.length} people` : `${found.length} of ${people.length} people`}
        </p>
      </div>
      <div className={styles.table}>
        <DataTable
          label="People"
          columns={columnsFor(onOpen)}
          fill
          rows={found}
          rowKey={({ staffId }) => staffId}
          onOpen={onOpen}
          initialSort={{ column: "name", direction: "ascending" }}
          empty={
            <EmptyState title="Nobody found">
              {people.length === 0
                ? "The staff list is empty. Add a person."
                : "Type less, or show everybody. Who is not here has no account."}
            </EmptyState>
          }
        />
      </div>
    </>
  );
}

function columnsFor(onOpen: PeopleTableProps["onOpen"]): readonly Column<StaffAccount>[] {
  return [
    {
      id: "name",
      header: "Name",
      isRowHeader: true,
      sortBy: ({ name }) => name,
      cell: (account) => <Link onPress={() => onOpen(account)}>{account.name}</Link>,
    },
    { id: "username", header: "Username", sortBy: ({ username }) => username, cell: ({ username }) => username },
    { id: "role", header: "Role", sortBy: ({ role }) => role, cell: ({ role }) => role },
    { id: "department", header: "Department", sortBy: ({ department }) => department, wrap: true, cell: departmentOf },
    {
      id: "state",
      header: "State",
      sortBy: (account) => stateOf(account, nowMilliseconds()),
      cell: (account) => <AccountStateMark account={account} />,
    },
    {
      id: "second-factor",
      header: "Second factor",
      sortBy: ({ secondFactor }) => (secondFactor ? 1 : 0),
      cell: ({ secondFactor }) => (secondFactor ? "On" : <span className={styles.off}>Off</span>),
    },
    {
      id: "sessions",
      header: "Signed in",
      sortBy: ({ openSessions }) => openSessions,
      cell: ({ openSessions }) =>
        openSessions > 0 ? sessionCountWords(openSessions) : <span className={styles.off}>No session</span>,
    },
    {
      id: "last",
      header: "Last sign-in",
      sortBy: ({ lastSignInAt }) => lastSignInAt,
      cell: ({ lastSignInAt }) => (lastSignInAt === null ? "Never" : <Age at={lastSignInAt} />),
    },
  ];
}

const departmentOf = ({ department }: StaffAccount) => department;
