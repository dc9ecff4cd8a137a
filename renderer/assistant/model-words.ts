import type { ModelView } from "../../shared/assistant/turn";

const modes: Readonly<Record<ModelView["mode"], string>> = {
  "this-machine": "this machine",
  "on-premises": "on premises",
  outside: "outside the hospital",
};

/** Where an answer is made, in words. */
export function modeWords(mode: ModelView["mode"]): string {
  return modes[mode];
}

/** The model's name as a person reads it. */
export function modelName(model: ModelView): string {
  return model.name === "offline" ? "Offline assistant" : model.name;
}

/** What answers here, in one line. */
export function modelLine(model: ModelView): string {
  if (model.name === "offline")
    return "Offline assistant: looks things up by fixed rules on this machine. It is not a language model.";
  const where = {
    "this-machine": "Runs on this machine.",
    "on-premises": "Runs on the hospital's premises.",
    outside: "Runs outside the hospital; identity numbers and addresses are masked before they leave.",
  }[model.mode];
  return `Language model ${model.name}. ${where}`;
}
