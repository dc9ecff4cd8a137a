import * as tls from "node:tls";

interface TrustStore {
  getCACertificates?: (kind: "default" | "system") => string[];
  setDefaultCACertificates?: (certificates: readonly string[]) => void;
}

/**
 * Lets what this process opens over TLS trust the system's authorities besides Node's own list: a hospital's feed or model
 * server is signed by the hospital's authority, which IT gave to the system. Answers whether the runtime can (Node 24 can,
 * older ones keep to their own list).
 */
export function trustSystemAuthorities(): boolean {
  const { getCACertificates, setDefaultCACertificates } = tls as TrustStore;
  if (!getCACertificates || !setDefaultCACertificates) return false;
  try {
    setDefaultCACertificates([...new Set([...getCACertificates("default"), ...getCACertificates("system")])]);
    return true;
  } catch {
    // One unreadable certificate of the system must not cost the list that there is.
    return false;
  }
}
