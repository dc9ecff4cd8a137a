/** Something about the embedded server that a person has to know; the message is one clear sentence without secrets. */
export class EmbeddedServerTrouble extends Error {
  override readonly name = "EmbeddedServerTrouble";
}
