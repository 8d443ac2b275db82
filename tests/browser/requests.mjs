// A privacy request on our pages, with the keyboard; prints as one JSON object what was seen, and what axe finds.
//
//   node requests.mjs ask ADDRESS EMAIL FOLDER
//   node requests.mjs prove LINK "" FOLDER
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { launch } from "./chromium.mjs";
import { watched } from "./pages.mjs";

const [what, address, email, folder] = process.argv.slice(2);
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const NARROW = { width: 320, height: 640 };
const browser = await launch();
const page = await browser.newPage({ viewport: NARROW });
const seen = { violations: [], tooWide: [], scripts: 0, ...(await watched(page)) };

/** Asks axe in light and in dark, and whether anything has to be scrolled sideways on a narrow screen. */
async function check(name) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
    for (const { id, nodes } of violations) seen.violations.push(`${name} ${colorScheme}: ${id} ${nodes[0].html.slice(0, 200)}`);
  }
  if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) seen.tooWide.push(name);
  seen.scripts += await page.locator("script").count();
  await page.screenshot({ path: join(folder, `requests-${name}.png`), fullPage: true });
}

const heading = (name) => page.getByRole("heading", { name, level: 1 }).waitFor();

try {
  await (what === "ask" ? ask() : prove());
} catch (error) {
  throw new Error(`${page.url()}: ${error.stack}\n${await page.locator("body").innerText()}\n${seen.complaints}`);
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(seen));

async function ask() {
  await page.goto(`${address}/requests`);
  await page.getByRole("button", { name: "Refuse optional cookies", exact: true }).click();
  await page.goto(`${address}/requests`);
  await check("form");
  await page.getByRole("radio", { name: "Have my data not sold or shared" }).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.type("In C");
  await page.keyboard.press("Tab");
  await page.keyboard.type(email);
  await page.keyboard.press("Tab");
  await page.keyboard.type("Thank you.");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await heading("One step is left");
  await check("taken");
}

async function prove() {
  await page.goto(address);
  await check("verify");
  await page.getByRole("button", { name: "Yes, it is mine", exact: true }).click();
  await heading("Your privacy request");
  for (let tries = 0; tries < 50 && !(await page.getByText("It is done.").count()); tries++) await page.reload();
  await check("status");
  seen.referrer = await page.evaluate(() => document.referrer);
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download the signed receipt" }).click();
  seen.file = (await saved).suggestedFilename();
  await page.goto(address);
  await heading("Nothing is here");
  await check("spent");
}
