import { useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import type { StaffAccount } from "../../shared/account/account";
import { commandQuery } from "../bridge/ward-query";
import { Age } from "../design/Age";
import { Button } from "../design/Button";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import { AddPersonDialog } from "./AddPersonDialog";
import type { HandOver } from "./hand-over";
import styles from "./PeoplePart.module.css";
import { PeopleTable } from "./PeopleTable";
import { PersonDialog } from "./PersonDialog";
import { SignInRules } from "./SignInRules";
import { TemporaryPasswordDialog } from "./TemporaryPasswordDialog";

/** Accounts of the staff: who may sign in, where they are signed in, and by which rules. `ownStaffId` is the administrator's. */
export function PeoplePart({ ownStaffId }: { readonly ownStaffId: string }) {
  const people = useQuery({ ...commandQuery("people.list", {}), staleTime: 0 });
  const [chosen, setChosen] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const [handOver, setHandOver] = useState<HandOver | null>(null);
  const person = people.data?.people.find(({ staffId }) => staffId === chosen) ?? null;
  const open = (account: StaffAccount) => setChosen(account.staffId);
  return (
    <div className={styles.part}>
      <Panel
        title="People"
        aside={
          <>
            {people.data ? <Age at={new Date(people.dataUpdatedAt).toISOString()} prefix="Read" /> : null}
            <Button variant="primary" onPress={() => setAdding(true)}>
              <UserPlus aria-hidden size={16} /> Add person
            </Button>
          </>
        }
      >
        <QueryView query={people} label="Loading the staff" rows={8}>
          {(data) => <PeopleTable people={data.people} onOpen={open} />}
        </QueryView>
      </Panel>
      <SignInRules />
      {person ? (
        <PersonDialog
          person={person}
          isOwn={person.staffId === ownStaffId}
          onClose={() => setChosen(null)}
          onHandOver={setHandOver}
        />
      ) : null}
      {adding ? <AddPersonDialog onClose={() => setAdding(false)} onHandOver={setHandOver} /> : null}
      {handOver ? <TemporaryPasswordDialog handOver={handOver} onClose={() => setHandOver(null)} /> : null}
    </div>
  );
}
