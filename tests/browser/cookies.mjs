// The choice about cookies in Chromium, and what axe finds on our pages; prints as one JSON object what was seen.
//
//   node cookies.mjs ADDRESS EMAIL PASSWORD FOLDER
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { launch } from "./chromium.mjs";
import { signIn, watched } from "./pages.mjs";

const [address, email, password, folder, policy] = process.argv.slice(2);
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1200, height: 800 };
const PUBLIC = ["/", "/cookies", "/account/sign-in", "/account/second-factor", "/account/forgot", "/support?topic=APPEAL", "/privacy", "/terms", "/privacy/versions", "/privacy/lists", `/privacy/${policy}/changes`, "/account/reset?token=x",
  "/account/confirm?token=x", "/account/keep?token=x", "/account/recover?token=x", "/unsubscribe/x", "/dev/mail", "/oauth/authorize", "/graphiql"];
const ACCOUNT = ["/account", "/account/prove", "/account/privacy", "/support", "/cookies"];
const browser = await launch();
const seen = { complaints: [], requests: [], violations: [], firstVisit: {}, looks: {} };
let page;

/** Opens a browser without any cookie, and works in it; what it complains of and asks for is kept. */
async function visiting(options, work) {
  const context = await browser.newContext({ viewport: PHONE, ...options });
  const tab = async () => {
    page = await context.newPage();
    const noted = await watched(page);
    return { page, noted };
  };
  const { noted } = await tab();
  await work(context, tab);
  seen.complaints.push(...noted.complaints);
  seen.requests.push(...noted.requests);
  await context.close();
}

const button = (name) => page.getByRole("button", { name, exact: true });
const names = async (context) => (await context.cookies(address)).map((cookie) => cookie.name).sort();
const value = async (context, name) => (await context.cookies(address)).find((cookie) => cookie.name === name)?.value;
const banner = () => page.getByRole("region", { name: "Cookies", exact: true });

try {
  await firstVisit();
  await refuse();
  await acceptAndColours();
  await eachByItself();
  await withSignal();
  await joining();
  await accountPages();
} catch (error) {
  if (page) await page.screenshot({ path: join(folder, "cookies-failed.png"), fullPage: true });
  throw new Error(`${page?.url()}: ${error.stack}\n${await page?.locator("body").innerText()}\n${seen.complaints}`);
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(seen));

/** Asks axe, with all its rules: in light on a desktop, in dark on a phone. */
async function check(name, looks = [["light", DESKTOP], ["dark", PHONE]]) {
  for (const [colorScheme, viewport] of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
    for (const { id, nodes } of violations) {
      const where = nodes.map((node) => node.html).join(" ").slice(0, 300);
      seen.violations.push(`${name} ${colorScheme} ${viewport.width}: ${id} ${where}`);
    }
  }
  await page.screenshot({ path: join(folder, `cookies-${name}.png`), fullPage: true });
  await page.setViewportSize(PHONE);
}

async function firstVisit() {
  await visiting({}, async (context) => {
    for (const path of PUBLIC) {
      await page.goto(address + path);
      seen.firstVisit[path] = await names(context);
      if (path !== "/graphiql") await check(`first ${path.split("?")[0]}`.replaceAll("/", "_"));
    }
  });
}

/** What the two buttons of the question look like. */
async function looks(name) {
  const box = await button(name).boundingBox();
  return button(name).evaluate((element, { width, height }) => {
    const style = getComputedStyle(element);
    const shown = ["color", "backgroundColor", "borderColor", "borderWidth", "fontSize", "fontWeight", "opacity", "cursor"];
    return { width, height, ...Object.fromEntries(shown.map((each) => [each, style[each]])) };
  }, { width: box.width, height: box.height });
}

async function refuse() {
  await visiting({ javaScriptEnabled: true }, async (context) => {
    await page.goto(`${address}/account/forgot`);
    await page.emulateMedia({ reducedMotion: "reduce" });
    seen.looks.phone = [await looks("Refuse optional cookies"), await looks("Accept optional cookies")];
    await page.setViewportSize(DESKTOP);
    seen.looks.desktop = [await looks("Refuse optional cookies"), await looks("Accept optional cookies")];
    await button("Refuse optional cookies").click();
    await page.getByText("You refused optional cookies.").waitFor();
    seen.backAt = new URL(page.url()).pathname;
    seen.askedAgain = await banner().count();
    seen.refused = [await names(context), await value(context, "choice")];
    await check("refused", [["light", PHONE]]);
  });
}

async function acceptAndColours() {
  await visiting({ javaScriptEnabled: false }, async (context) => {
    await page.goto(`${address}/account/forgot`);
    await button("Accept optional cookies").click();
    await page.getByText("You allowed both optional cookies.").waitFor();
    seen.accepted = [await names(context), await value(context, "choice")];
    await page.getByRole("link", { name: "Cookies and colours" }).click();
    const before = await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
    await button("Dark").click();
    await page.locator("html.dark").waitFor();
    seen.scheme = [before, await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)];
    await page.goto(`${address}/account/sign-in`);
    seen.darkElsewhere = await page.locator("html.dark").count();
    await button("Refuse optional cookies").click();
    await page.getByText("You refused optional cookies.").waitFor();
    seen.takenBack = await names(context);
  });
  await visiting({}, async () => {
    await page.goto(`${address}/account/sign-in`);
    await button("Accept optional cookies").click();
    await page.goto(`${address}/cookies`);
    await button("Dark").click();
    await page.locator("html.dark").waitFor();
    await check("chosen-dark", [["light", PHONE]]);
    await page.goto(`${address}/account/sign-in`);
    await check("chosen-dark-sign-in", [["light", PHONE]]);
  });
}

async function eachByItself() {
  await visiting({}, async (context) => {
    await page.goto(`${address}/account/forgot`);
    await page.getByRole("link", { name: "Choose each by itself" }).click();
    seen.ticked = await page.getByRole("checkbox", { checked: true }).count();
    await page.getByRole("checkbox", { name: /Analytics/ }).check();
    await button("Keep this choice").click();
    await page.getByText("You allowed the analytics cookie only.").waitFor();
    seen.byItself = [await names(context), await value(context, "choice")];
  });
}

async function withSignal() {
  await visiting({ extraHTTPHeaders: { "Sec-GPC": "1" } }, async (context, tab) => {
    await page.goto(`${address}/account/forgot`);
    seen.saysSo = await banner().innerText();
    const first = page;
    const { noted } = await tab();
    await page.goto(`${address}/account/forgot`);
    await first.getByRole("button", { name: "Refuse optional cookies" }).click();
    await first.getByText("You refused optional cookies.").waitFor();
    await button("Accept optional cookies").click(); // the second tab still asks
    await page.getByText("You allowed the preference cookie only.").waitFor();
    await first.reload();
    seen.withSignal = [await names(context), await value(context, "choice")];
    seen.complaints.push(...noted.complaints);
    await check("signal", [["light", PHONE]]);
  });
}

async function joining() {
  await visiting({}, async () => {
    await page.goto(`${address}/account/sign-in`);
    await button("Sign in with Google").click();
    await page.getByRole("heading", { name: "Make an account", level: 1 }).waitFor();
    seen.joinAt = new URL(page.url()).pathname;
    await check("join");
  });
}

async function accountPages() {
  await visiting({}, async (context) => {
    await page.goto(`${address}/account/sign-in?next=/account`);
    await signIn(page, email, password);
    await page.getByRole("heading", { name: "Your account", level: 1 }).waitFor();
    for (const path of ACCOUNT) {
      await page.goto(address + path);
      await check(`signed-in ${path}`.replaceAll("/", "_"));
    }
    await page.goto(`${address}/account`);
    await button("Set up an authenticator app").click();
    await page.getByRole("heading", { name: "Set up an authenticator app", level: 1 }).waitFor();
    await check("totp");
    await page.goto(`${address}/account`);
    await button("Accept optional cookies").click();
    await page.getByText("You allowed both optional cookies.").waitFor();
    seen.signedIn = await names(context);
  });
}
