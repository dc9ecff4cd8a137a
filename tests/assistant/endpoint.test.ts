import { expect, test } from "vitest";
import { readEndpoint } from "../../electron/llm/endpoint";

test.each([
  ["http://localhost:11434/v1/", "this-machine", "local-model"],
  ["http://127.0.0.1:8080/v1", "this-machine", "local-model"],
  ["http://[::1]:8080", "this-machine", "local-model"],
  ["https://10.1.2.3/v1", "on-premises", "remote-model"],
  ["https://192.168.4.5/v1", "on-premises", "remote-model"],
  ["https://172.20.0.1/v1", "on-premises", "remote-model"],
  ["https://[fd00::1]/v1", "on-premises", "remote-model"],
  ["https://models/v1", "on-premises", "remote-model"],
  ["https://llm.hospital.internal/v1", "on-premises", "remote-model"],
  ["https://api.openai.com/v1", "outside", "remote-model"],
  ["https://172.32.0.1/v1", "outside", "remote-model"],
  ["https://localhost.example.com/v1", "outside", "remote-model"],
  ["https://10.example.com/v1", "outside", "remote-model"],
])("%s is processed %s", (url, mode, audience) => {
  expect(readEndpoint(url)).toMatchObject({ mode, audience });
});

test.each([
  "http://10.0.0.1/v1",
  "http://localhost.example.com",
  "ftp://localhost/",
  "no address",
  "https://user:secret@models/v1",
])("%s is refused by a line that names the variable and not its value", (url) => {
  expect(() => readEndpoint(url)).toThrow(/OPENAI_BASE_URL/u);
  expect(() => readEndpoint(url)).not.toThrow(/secret/u);
});
