import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";

const folder = "deploy/central";
interface Secret {
  readonly source: string;
  readonly target: string;
}
interface Service {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks: readonly string[] | Readonly<Record<string, { aliases?: string[] }>>;
  readonly volumes?: readonly string[];
  readonly secrets?: readonly (string | Secret)[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly restart?: string;
  readonly security_opt?: readonly string[];
  readonly privileged?: boolean;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, { internal?: boolean } | null>>;
  readonly secrets: Readonly<Record<string, { file: string }>>;
}
const text = readFileSync(join(folder, "compose.yaml"), "utf8");
// Throws at a mistake of syntax and at a key that stands twice.
const compose = parse(text, { strict: true, uniqueKeys: true, merge: true }) as Compose;
const services = Object.entries(compose.services);
const networksOf = ({ networks }: Service) => (Array.isArray(networks) ? networks : Object.keys(networks)) as string[];
const ini = (name: string) =>
  new RegExp(`^${name} = (.*)$`, "mu").exec(readFileSync(join(folder, "pgbouncer.ini"), "utf8"))?.[1];

test("the services are the database, the pooler before it, and a model", () => {
  expect(Object.keys(compose.services)).toEqual(["postgres", "pgbouncer", "model"]);
});

test.each(services)(
  "%s has a pinned image, a health check, and comes back after a restart of the machine",
  (_, service) => {
    expect(service.image).toMatch(/^[\w.-]+\/[\w./-]+:\w[\w.-]*\d[\w.-]*$/u);
    expect(service.image).not.toMatch(/:latest$/u);
    expect(service.healthcheck?.test.length).toBeGreaterThan(1);
    expect(service.restart).toBe("unless-stopped");
    expect(service.security_opt).toContain("no-new-privileges:true");
    expect(service.privileged).toBeUndefined();
  },
);

test("only the pooler and the model have a port outside, and the database none", () => {
  expect(services.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`))).toEqual([
    `pgbouncer ${ini("listen_port")}:${ini("listen_port")}`,
    "model 8443:8443",
  ]);
  expect(compose.networks["database"]?.internal).toBe(true);
  expect(networksOf(compose.services["postgres"] as Service)).toEqual(["database"]);
  expect(networksOf(compose.services["model"] as Service)).not.toContain("database");
});

test("secrets come as files, each one declared and used, and none stands in the file or in a variable", () => {
  const used = services.flatMap(([, { secrets = [] }]) =>
    secrets.map((one) => (typeof one === "string" ? one : one.source)),
  );
  expect([...new Set(used)].sort()).toEqual(Object.keys(compose.secrets).sort());
  for (const { file } of Object.values(compose.secrets)) expect(file).toMatch(/^\.\/secrets\//u);
  for (const [, { environment = {} }] of services)
    for (const [name, value] of Object.entries(environment))
      if (/PASSWORD|KEY|SECRET|TOKEN/u.test(name)) expect(`${name}=${value}`).toMatch(/_FILE=\/run\/secrets\//u);
});

test("what is mounted is beside the file, or made by IT, or a declared volume", () => {
  for (const [, { volumes = [] }] of services)
    for (const volume of volumes) {
      const [source = "", , mode] = volume.split(":");
      if (!source.startsWith("./")) expect(Object.keys(compose.volumes)).toContain(source);
      else {
        expect(mode).toBe("ro");
        if (source !== "./models") expect(existsSync(join(folder, source)), source).toBe(true);
      }
    }
});

test("PostgreSQL and PgBouncer find each other and their certificates where their own files say", () => {
  const host = /^lamplight = host=(\S+)/mu.exec(readFileSync(join(folder, "pgbouncer.ini"), "utf8"))?.[1];
  const { networks } = compose.services["postgres"] as Service;
  expect((networks as Record<string, { aliases: string[] }>)["database"]?.aliases).toContain(host);
  const targets = (name: string) =>
    ((compose.services[name] as Service).secrets ?? []).flatMap((one) => (typeof one === "string" ? [] : [one.target]));
  for (const name of ["auth_file", "client_tls_cert_file", "client_tls_key_file", "server_tls_ca_file"])
    expect(targets("pgbouncer"), name).toContain(ini(name));
  const postgres = readFileSync(join(folder, "postgresql.conf"), "utf8");
  for (const name of ["ssl_cert_file", "ssl_key_file"])
    expect(targets("postgres"), name).toContain(new RegExp(`^${name} = '(.*)'$`, "mu").exec(postgres)?.[1]);
});

test("the model downloads nothing and answers only over TLS with a key", () => {
  const words = compose.services["model"]?.command ?? [];
  for (const wanted of ["--model", "--ssl-cert-file", "--ssl-key-file", "--api-key-file"])
    expect(words).toContain(wanted);
  expect(words.join(" ")).not.toMatch(/--hf|--model-url|https?:/u);
});

const compose2 = spawnSync("docker", ["compose", "version"]).status === 0;
test.skipIf(!compose2)("Docker Compose reads it (skipped where it is not installed)", () => {
  const checked = spawnSync("docker", ["compose", "--file", join(folder, "compose.yaml"), "config", "--quiet"], {
    encoding: "utf8",
  });
  expect(checked.stderr).toBe("");
  expect(checked.status).toBe(0);
});
