import { z } from "zod";
import { Refusal } from "../../shared/failure";
import type { ConnectionChoice, ConnectionTest, ConnectionView } from "../../shared/workstation/connection";
import { BadEnvironment, type CentralDatabase } from "../config";
import { type ExpectedSchema, testConnection, unusableAddress } from "../database/connection-test";
import { openChosenFile } from "./chosen-file";
import { addressOf, connectionFrom, destinationOf, trusting } from "./connection-address";
import { items } from "./items";
import type { Managed } from "./managed-file";
import type { SecretBox } from "./secret-box";
import { openSecrets } from "./secrets";

export interface ConnectionOptions {
  readonly home: string;
  readonly managed: Managed | undefined;
  /** As the environment says, where the managed file leaves it a say. */
  readonly environment: CentralDatabase | undefined;
  readonly secretBox: () => SecretBox | undefined;
  readonly onUnusable: (notice: string) => void;
}

type Source = ConnectionView["source"];
const keptSchema = z.strictObject({
  url: z.string().max(400),
  certificateAuthority: z.string().max(64_000).nullable(),
});
const typedAddress = "The address";

/** A disk that is full or must not be written is for a person to mend; anything else is thrown as it came. */
function unkept(error: unknown, home: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? "";
  const full = ["ENOSPC", "EDQUOT"].includes(code);
  if (!full && !["EACCES", "EPERM", "EROFS"].includes(code)) return error;
  const why = full ? "the disk is full" : "the folder must not be written";
  return new Refusal("CONNECTION_REFUSED", `The choice could not be kept in ${home}: ${why}. Tell IT.`);
}

/** Which database this workstation uses. The managed file decides before the environment, the environment before a person. */
export function openConnection(options: ConnectionOptions) {
  const { environment } = options;
  const managed = options.managed?.values ?? {};
  const managedUrl = managed["database.url"];
  const managedAuthority = managed["database.certificateAuthority"];
  const managedPassword = managed["database.password"];
  const file = openChosenFile({
    home: options.home,
    name: "connection",
    schema: keptSchema,
    onUnusable: options.onUnusable,
  });
  const secrets = openSecrets(options.home, options.secretBox);
  const source = (): Source => {
    if (managedUrl !== undefined) return "managed";
    if (environment) return "environment";
    return file.read().url === undefined ? "default" : "chosen";
  };

  /** Where to, and whom to believe there; no password yet unless the environment gave it. */
  function target(): CentralDatabase | undefined {
    switch (source()) {
      case "managed":
        return trusting(connectionFrom("database.url", managedUrl ?? ""), managedAuthority);
      case "environment":
        return environment;
      case "chosen":
        return trusting(connectionFrom("connection.json: url", file.read().url ?? ""), authorityOfChoice());
      default:
        return undefined;
    }
  }
  const authorityOfChoice = () => managedAuthority ?? file.read().certificateAuthority ?? undefined;

  function withPassword(central: CentralDatabase): CentralDatabase {
    if (source() === "environment") return central;
    const password = managedPassword ?? secrets.read(destinationOf(central)) ?? "";
    return { ...central, password };
  }

  /** What a person typed, judged like the environment's values. Throws `BadEnvironment`. */
  function typed(choice: ConnectionChoice): CentralDatabase {
    const central = connectionFrom(typedAddress, choice.url.trim());
    const authority = choice.certificateAuthority?.trim() || undefined;
    if (authority !== undefined) {
      const checked = items["database.certificateAuthority"].schema.safeParse(authority);
      if (!checked.success) throw new BadEnvironment(`The authority ${checked.error.issues[0]?.message}.`);
    }
    return trusting(central, managedAuthority ?? authority);
  }

  /** Whether IT gave this very address: then what it gave with it goes there too. */
  const isDecided = (central: CentralDatabase): boolean => {
    const decided = source() === "managed" || source() === "environment" ? target() : undefined;
    return decided !== undefined && destinationOf(decided) === destinationOf(central);
  };

  function refuseLocked(central: CentralDatabase, choice: ConnectionChoice): void {
    const authority = choice.certificateAuthority?.trim() || undefined;
    const otherAuthority =
      managedAuthority !== undefined && authority !== undefined && authority !== managedAuthority.trim();
    // Where IT gave an address and no password, the password is all that a person may add.
    const onlyPassword = source() === "managed" && managedPassword === undefined && isDecided(central);
    if (otherAuthority || source() === "environment" || (source() === "managed" && !onlyPassword))
      throw new Refusal("CONFIGURATION_LOCKED");
  }

  const describedPassword = (): string => {
    const origin = options.managed?.origins.get("database.password");
    if (origin?.openToAll === false)
      return `The password lies in ${origin.path}; not every account of this machine can read it.`;
    if (origin)
      return `The password lies in ${origin.path}, which everybody who uses this machine can read, because everybody's app must.`;
    if (source() === "environment") return "The password comes from the environment and is not kept.";
    const central = target();
    return secrets.described(central && destinationOf(central));
  };

  return {
    source,
    /** Throws `BadConfiguration`, where the kept password lies open to others. */
    central: (): CentralDatabase | undefined => {
      const central = target();
      return central && withPassword(central);
    },
    view(demoAllowed: boolean): ConnectionView {
      const central = target();
      return {
        kind: central ? "central" : "embedded",
        source: source(),
        locked: source() === "environment" || (source() === "managed" && managedPassword !== undefined),
        demoAllowed,
        url: central ? (writtenUrl() ?? addressOf(central)) : null,
        certificateAuthority: central?.ssl?.ca ?? managedAuthority ?? null,
        secretsKept: describedPassword(),
      };
    },
    /** Whether any password is there; a file that is not used holds none. */
    hasPassword(): boolean {
      try {
        const central = target();
        return central !== undefined && withPassword(central).password !== "";
      } catch (error) {
        if (error instanceof BadEnvironment) return false;
        throw error;
      }
    },
    async test(choice: ConnectionChoice, expected: ExpectedSchema): Promise<ConnectionTest> {
      try {
        const central = typed(choice);
        const known = isDecided(central) ? target() : undefined;
        // Where IT decided, no other host is asked anything.
        if (known === undefined && (source() === "managed" || source() === "environment"))
          throw new Refusal("CONFIGURATION_LOCKED");
        const password =
          choice.password || (known ? withPassword(known).password : secrets.read(destinationOf(central))) || "";
        return await testConnection({ ...central, password }, expected);
      } catch (error) {
        if (error instanceof BadEnvironment) return unusableAddress(error.message);
        throw error;
      }
    },
    choose(choice: ConnectionChoice): void {
      try {
        const central = typed(choice);
        refuseLocked(central, choice);
        const destination = destinationOf(central);
        // Passwords that cannot be read are said before anything is kept.
        secrets.read(destination);
        // In this order an interruption leaves either connection whole, each with its own password.
        if (choice.password !== "") secrets.keep(destination, choice.password);
        if (source() !== "managed")
          file.write({ url: choice.url.trim(), certificateAuthority: choice.certificateAuthority?.trim() || null });
        secrets.keepOnly(destination);
      } catch (error) {
        if (error instanceof BadEnvironment) throw new Refusal("CONNECTION_REFUSED", error.message);
        throw unkept(error, options.home);
      }
    },
    forget(): void {
      if (source() === "environment" || (source() === "managed" && managedPassword !== undefined))
        throw new Refusal("CONFIGURATION_LOCKED");
      try {
        file.write({});
        secrets.keepOnly(undefined);
      } catch (error) {
        throw unkept(error, options.home);
      }
    },
  };

  function writtenUrl(): string | undefined {
    return managedUrl ?? (source() === "chosen" ? file.read().url : undefined);
  }
}
