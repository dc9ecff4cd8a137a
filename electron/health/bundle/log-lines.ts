import { constants } from "node:os";
import { commands } from "../../../shared/ipc/contract";
import { healthCheckNames } from "../../../shared/workstation/health";

/** Where our own code reports something unexpected. Another word is replaced, like everything that is not listed. */
const places: ReadonlySet<string> = new Set([
  "unhandled",
  "uncaught",
  "start",
  "database start",
  "central database",
  "router",
  "door",
  "anchors",
  "drafts",
  "offline",
  "offline access",
  "offline use",
  "ward copy",
  "outbox",
  "back from offline",
  "updates",
  "diagnostics",
  ...healthCheckNames.map((name) => `health ${name}`),
  ...Object.keys(commands),
]);

const errorNames = new Set(
  "Error TypeError RangeError SyntaxError ReferenceError URIError EvalError AggregateError AbortError TimeoutError SystemError DOMException error DatabaseError ZodError Refusal ModelFailure SchemaRefused BadEnvironment BadConfiguration EmbeddedServerTrouble APIError APIConnectionError APIConnectionTimeoutError APIUserAbortError JWTExpired JWTInvalid JWSInvalid".split(
    " ",
  ),
);

const systemCodes = new Set([
  ...Object.keys(constants.errno),
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_FAIL",
  "EAI_NODATA",
  "EAI_NONAME",
  "ECONNABORTED",
]);
/** The classes of SQLSTATE (PostgreSQL, appendix A); the three that follow hold a digit in every code that is in use. */
const sqlState = /^(?:0[0-389ABFLPZ]|2[0-8BDF]|3[489BDF]|4[024]|5[34578]|72|F0|HV|P0|XX)(?=\w{0,2}\d)[0-9A-Z]{3}$/u;
const nodeCodes = new Set([
  ..."ERR_INVALID_ARG_TYPE ERR_INVALID_ARG_VALUE ERR_STREAM_PREMATURE_CLOSE ERR_STREAM_DESTROYED ERR_SOCKET_CLOSED ERR_TLS_CERT_ALTNAME_INVALID ERR_OSSL_EVP_UNSUPPORTED ERR_INVALID_URL ERR_MODULE_NOT_FOUND ERR_DLOPEN_FAILED".split(
    " ",
  ),
  ..."CERT_HAS_EXPIRED DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_VERIFY_LEAF_SIGNATURE UNABLE_TO_GET_ISSUER_CERT_LOCALLY".split(
    " ",
  ),
]);

/** What is not known keeps its length alone: enough to see that something was there. */
export const withheld = (text: string): string => `(${text.length} characters withheld)`;

const knownCode = (code: string) => systemCodes.has(code) || nodeCodes.has(code) || sqlState.test(code);

/** `at Session.signIn (/home/…/main.cjs:12:34)`: of the path and the names only our bundle and Node's modules are told. */
function frame(text: string): string {
  const at =
    /(?:^|[\s(/\\])(?<file>main\.cjs|lamplight-admin\.cjs|node:[a-z_/]{2,40}):(?<line>\d{1,6}):(?<column>\d{1,5})\)?$/u.exec(
      text,
    );
  if (!at?.groups) return "elsewhere";
  const { file = "", line = "", column = "" } = at.groups;
  return file.startsWith("node:") ? `node:${line}:${column}` : `${file}:${line}:${column}`;
}

/** `abcd1234 start: TypeError EACCES at … < at …`, as `createLog` writes it. */
function unexpected(text: string): string | null {
  const found = /^(?<reference>[0-9a-f]{8}) (?<place>[^:]{1,60}): (?<rest>.*)$/su.exec(text);
  if (!found?.groups) return null;
  const { reference = "", place = "", rest = "" } = found.groups;
  const begin = rest.search(/(?:^| )at /u);
  const [name = "", code, ...more] = (begin < 0 ? rest : rest.slice(0, begin)).trim().split(" ");
  const frames = begin < 0 ? [] : rest.slice(begin).trim().split(" < ").slice(0, 6);
  const words = [
    errorNames.has(name) ? name : withheld(name),
    ...(code ? [knownCode(code) ? code : withheld(code)] : []),
    ...(more.length > 0 ? [withheld(more.join(" "))] : []),
    ...(frames.length > 0 ? [`at ${frames.map(frame).join(" < ")}`] : []),
  ];
  return `${reference} ${places.has(place) ? place : withheld(place)}: ${words.join(" ")}`;
}

const version = String.raw`\d{1,3}\.\d{1,3}\.\d{1,3}(?:-[a-z]{1,5}\.\d{1,3})?`;
const information = [
  new RegExp(`^started ${version} on Electron ${version}$`, "u"),
  /^restarts as the version that was installed meanwhile$/u,
  /^outbox: \d{1,7} sent, \d{1,7} set aside, \d{1,7} wait on$/u,
  /^embedded database ready, (?:started here|shared with another process)$/u,
  /^keys that sign access tokens: (?:sealed by [\w' ]{1,60}|readable by this account alone, because this machine has no key store that could seal them)$/u,
];

/** One line of our own log as it may leave the workstation. */
export function appLine(line: string): string {
  const found = /^(?<head>\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\] \[(?:info|warn|error)\]) {1,4}(?<text>.*)$/su.exec(
    line,
  );
  if (!found?.groups) return withheld(line);
  const { head = "", text = "" } = found.groups;
  if (information.some((shape) => shape.test(text))) return `${head} ${text}`;
  return `${head} ${unexpected(text) ?? withheld(text)}`;
}
