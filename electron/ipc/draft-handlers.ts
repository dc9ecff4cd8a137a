import type { draftCommands } from "../../shared/ipc/draft-commands";
import type { DraftVault } from "../drafts/vault";
import type { Handlers } from "./router";

/** The drafts of whoever is signed in. */
export function createDraftHandlers(vault: DraftVault): Pick<Handlers, keyof typeof draftCommands> {
  return {
    "drafts.list": () => vault.list(),
    "drafts.keep": async ({ place, content }) => ({ kept: vault.keep(place, content) }),
    "drafts.shred": async ({ places }) => {
      vault.shred(places);
      return {};
    },
  };
}
