/** Why a whole file is refused, in words for the person who chose it: where the fault is, never what the data say. */
export class BundleFault extends Error {
  readonly place: string;
  constructor(place: string, problem: string) {
    super(place === "" ? problem : `${place}: ${problem}`);
    this.name = "BundleFault";
    this.place = place;
  }
}

/** The place of an entry as FHIRPath writes it, with the type of resource for those who do not count entries. */
export function entryPlace(index: number, type?: string, path: readonly PropertyKey[] = []): string {
  const steps = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  const at = `Bundle.entry[${index}]${type === undefined ? steps : `.resource${steps}`}`;
  return type === undefined ? at : `${at} (${type})`;
}
