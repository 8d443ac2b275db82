// Somebody signs in with a provider, makes an account by it, comes back, and proves who they are; prints what was seen.
//
//   node identities.mjs ADDRESS FOLDER
import { join } from "node:path";
import { launch } from "./chromium.mjs";
import { watched } from "./pages.mjs";

const [address, folder] = process.argv.slice(2);
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
const seen = await watched(page);
const look = (name) => page.screenshot({ path: join(folder, `${name}-phone.png`), fullPage: true });
const press = (name) => page.getByRole("button", { name, exact: true }).click();
const heading = (name) => page.getByRole("heading", { name, level: 1 }).waitFor();

try {
  await page.goto(`${address}/account/sign-in`);
  await look("sign-in-with-others");
  await press("Sign in with Google");
  await heading("Make an account");
  seen.proposed = await page.getByLabel("What others see you called").inputValue();
  await press("Make the account"); // the browser itself asks for the tick
  seen.stayed = new URL(page.url()).pathname;
  await page.getByRole("checkbox").check();
  await look("join");
  await press("Make the account");
  await heading("Your account");
  await look("account-with-others");
  await press("Sign out");
  await heading("Sign in");
  await press("Sign in with Google");
  await heading("Your account");
  await press("Unlink: Google");
  await heading("Prove that it is you");
  await look("prove-with-others");
  await press("Go on with Google");
  await heading("Your account");
  await press("Unlink: Google");
  seen.refused = await page.getByRole("alert").filter({ hasText: "only way in" }).innerText();
  seen.cookies = (await page.context().cookies(address)).map((cookie) => cookie.name);
} catch (error) {
  await look("failed");
  throw new Error(`${page.url()}: ${error.message}\n${await page.locator("body").innerText()}\n${seen.complaints}`);
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(seen));
