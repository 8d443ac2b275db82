// Starts Chromium: the one that CHROMIUM names, else the one inside npm `@sparticuz/chromium` (Linux on x86-64).
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

// It connects to nobody by itself: a closed network refuses that, many times at once.
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export async function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM || (await packaged()), args: ARGUMENTS });
}

/** The package unpacks its browser into the temporary folder, 200 MB: keep it, and keep it here. */
async function packaged() {
  const folder = join(import.meta.dirname, "node_modules", ".chromium");
  mkdirSync(folder, { recursive: true });
  process.env.TMPDIR = folder;
  const { default: packed } = await import("@sparticuz/chromium");
  return packed.executablePath();
}
