import styles from "./RecoveryCodes.module.css";
import { ShownOnce } from "./ShownOnce";

/** The recovery codes, shown once: each opens the account one time where the authenticator is not at hand. */
export function RecoveryCodes({ codes }: { readonly codes: readonly string[] }) {
  const list = (
    <ol className={styles.codes} aria-label="Recovery codes">
      {codes.map((code) => (
        <li key={code}>{code}</li>
      ))}
    </ol>
  );
  return (
    <ShownOnce
      text={codes.join("\n")}
      sheet={
        <>
          <h1>Lamplight recovery codes</h1>
          <p>
            Each code opens the account one time in place of a one-time code. Keep this paper where you keep your keys,
            and not at the workstation. Strike out what you have used.
          </p>
          {list}
        </>
      }
    >
      <p>
        Without your phone each of these takes the place of a one-time code, <strong>one time</strong>. They are shown
        only now. Keep them away from the workstation.
      </p>
      {list}
    </ShownOnce>
  );
}
