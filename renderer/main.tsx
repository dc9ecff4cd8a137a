import "./bridge/no-eval";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { call } from "./bridge/call";
import { applyAppearance, defaultSettings, followSystemAppearance } from "./design/appearance";
import { allowOnlyEmptyMarkup } from "./design/trusted-types";
import "./design/tokens.css";

allowOnlyEmptyMarkup();
followSystemAppearance();
// Settings first, so that a night shift is not met by a white screen.
applyAppearance(await call("settings.read", {}).catch(() => defaultSettings));

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
