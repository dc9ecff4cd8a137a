import { v5 } from "uuid";

const DEMO_HOSPITAL = "0c1d0f7e-8d1b-4f0e-9a52-5d3b6a1f7c20";

/** The same row has the same id in every demo hospital. */
export function demoId(...parts: (string | number)[]): string {
  return v5(parts.join("/"), DEMO_HOSPITAL);
}

/** A number from 0 up to 1 that is always the same for the same name: this hospital has no chance in it. */
export function demoFraction(...parts: (string | number)[]): number {
  return Number.parseInt(demoId(...parts).slice(0, 8), 16) / 0x1_0000_0000;
}
