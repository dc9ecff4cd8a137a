import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { call } from "./bridge/call";
import { applyAppearance, defaultSettings, followSystemAppearance } from "./design/appearance";
import { allowOnlyEmptyMarkup } from "./design/trusted-types";
import { LockPage } from "./session/LockPage";
import "./design/tokens.css";

allowOnlyEmptyMarkup();
followSystemAppearance();
applyAppearance(await call("settings.read", {}).catch(() => defaultSettings));

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <LockPage />
    </StrictMode>,
  );
}
