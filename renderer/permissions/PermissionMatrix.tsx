import type { Role } from "../../shared/access/roles";
import { roles } from "../../shared/access/roles";
import { classes } from "../design/classes";
import styles from "./PermissionMatrix.module.css";
import { type Cell, matrixRows } from "./permission-words";

/** A sign for each reach, so that the table reads without colour and at a glance. */
const signs: Readonly<Record<Cell["reach"], string>> = { all: "●", "care-team": "◐", own: "○", denied: "–" };

/** Who may see what, for all six roles, the own one marked; made from the table that the door and the database obey. */
export function PermissionMatrix({ role }: { readonly role: Role }) {
  return (
    <div className={styles.frame}>
      <p>
        You are signed in as <strong>{role}</strong>. “Care team” means: the patient is on a ward where you have a shift
        now, is assigned to you, or has an appointment with you today.
      </p>
      <ul className={styles.legend} aria-label="Signs">
        <li>{signs.all} all patients, or the whole hospital</li>
        <li>{signs["care-team"]} care team</li>
        <li>{signs.own} own</li>
        <li>{signs.denied} denied</li>
      </ul>
      {/* a region that scrolls must be reachable by keyboard */}
      <div className={styles.scroll} role="group" aria-label="What I may see, scrolls" tabIndex={0}>
        <table aria-label="What I may see" className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Tool or act</th>
              {roles.map((each) => (
                <th key={each} scope="col" className={classes(each === role && styles.own)}>
                  {each}
                  {each === role ? <span className={styles.you}> (you)</span> : null}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {matrixRows().map((row) => (
              <tr key={row.id}>
                <th scope="row">
                  <span className={styles.title}>{row.title}</span>
                  {row.tool ? <span className={styles.tool}>{row.tool}</span> : null}
                  {row.about && row.about !== row.title.toLowerCase() ? (
                    <span className={styles.about}>{row.about}</span>
                  ) : null}
                </th>
                {roles.map((each) => (
                  <MatrixCell key={each} cell={row.cellFor(each)} own={each === role} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function MatrixCell({ cell, own }: { readonly cell: Cell; readonly own: boolean }) {
  return (
    <td className={classes(own && styles.own)}>
      <span className={classes(styles.words, cell.reach === "denied" && styles.denied)}>
        <span aria-hidden="true">{signs[cell.reach]}</span> {cell.words}
      </span>
      {cell.withheld ? <span className={styles.about}>{cell.withheld}</span> : null}
    </td>
  );
}
