// An account's life on our pages, with a virtual authenticator; prints as one JSON object what was seen.
//
//   node accounts.mjs ADDRESS CONFIRMATION EMAIL PASSWORD FOLDER
import { createHmac } from "node:crypto";
import { join } from "node:path";
import { launch } from "./chromium.mjs";
import { signIn, watched } from "./pages.mjs";

const [address, confirmation, email, password, folder] = process.argv.slice(2);
const PHONE = { width: 390, height: 844 };
const browser = await launch();
const page = await browser.newPage({ viewport: PHONE });
const seen = await watched(page);
const devtools = await page.context().newCDPSession(page);
await devtools.send("WebAuthn.enable");
await devtools.send("WebAuthn.addVirtualAuthenticator", {
  options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
});

/** Takes pictures as a phone and a desktop show it. */
async function look(name) {
  await page.screenshot({ path: join(folder, `${name}-phone.png`), fullPage: true });
  await page.setViewportSize({ width: 1200, height: 800 });
  await page.screenshot({ path: join(folder, `${name}-desktop.png`), fullPage: true });
  await page.setViewportSize(PHONE);
}

const press = (name) => page.getByRole("button", { name, exact: true }).click();
const heading = (name) => page.getByRole("heading", { name, level: 1 }).waitFor();

/** RFC 6238; `steps` from now, because each code counts once. */
function code(secret, steps) {
  const bits = [...secret].map((each) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(each).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const digest = createHmac("sha1", key).update(counter).digest();
  return String((digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

try {
  await live();
} catch (error) {
  await look("failed");
  throw new Error(`${page.url()}: ${error.message}\n${await page.locator("body").innerText()}\n${seen.complaints}`);
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(seen));

async function live() {
  await page.goto(confirmation);
  await look("confirm");
  await page.getByLabel("The account's password").fill(password);
  await press("This address is mine");
  await page.getByText("The address is confirmed").waitFor();

  await page.goto(`${address}/account`);
  await heading("Sign in");
  await look("sign-in");
  await signIn(page, email, password);
  await heading("Your account");
  seen.without = await page.locator("main").innerText();

  await press("Set up an authenticator app");
  await heading("Set up an authenticator app");
  await look("totp");
  const secret = (await page.locator("code").innerText()).replaceAll(" ", "");
  await page.getByLabel("The six digits that the app shows now").fill(code(secret, 0));
  await press("Set up");
  await heading("The authenticator app is set up");
  await look("recovery-codes");
  seen.codes = await page.locator(".codes code").allInnerTexts();
  await page.getByRole("link", { name: "I have kept them" }).click();
  await look("account");

  await press("Sign out");
  await heading("Sign in");
  seen.cookiesAfterSigningOut = (await page.context().cookies()).map((cookie) => cookie.name);
  await signIn(page, email, password);
  await heading("Second factor");
  await look("second-factor");
  seen.signedInByPassword = await signedIn();
  await page.getByLabel("The six digits of your authenticator app, or a recovery code").fill(code(secret, 1));
  await press("Go on");
  await heading("Your account");

  await page.getByLabel("What to call the passkey").fill("Laptop");
  await press("Set up a passkey");
  await page.getByText("Laptop").waitFor();
  await press("Sign out");
  await heading("Sign in");
  await press("Sign in with a passkey");
  await heading("Your account");
  seen.withPasskey = await signedIn();
  await look("account-with-passkey");

  await whenStale("Make new recovery codes");
  await look("prove");
  seen.asked = new URL(page.url()).pathname;
  await press("Use a passkey");
  await heading("Your account");
  await press("Make new recovery codes");
  await heading("You have new recovery codes");
  seen.newCodes = await page.locator(".codes code").allInnerTexts();
}

/** Whoever watches from outside makes the session old: until then the button just works. */
async function whenStale(name) {
  for (let tries = 0; tries < 40; tries++) {
    await page.goto(`${address}/account`);
    await press(name);
    await page.waitForLoadState();
    if (new URL(page.url()).pathname === "/account/prove") return;
    await page.waitForTimeout(200);
  }
  throw new Error("the session never got old");
}

async function signedIn() {
  return page.evaluate(async () => {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ query: "{ viewer { displayName } }" });
    return (await (await fetch("/graphql", { method: "POST", headers, body })).json()).data.viewer;
  });
}
