import { Link } from "../design/Link";
import { partedName } from "./banner-words";

export interface PatientLinkProps {
  /** As a banner or a list prints it: `ARNOLD, Leah (Mrs)`. */
  readonly name: string;
  readonly onPress: () => void;
}

/** The way into a chart from a list. The link bears the name alone, and the title stands beside it. */
export function PatientLink({ name, onPress }: PatientLinkProps) {
  const { bare, title } = partedName(name);
  return (
    <>
      <Link onPress={onPress}>{bare}</Link>
      {title === null ? null : ` ${title}`}
    </>
  );
}
