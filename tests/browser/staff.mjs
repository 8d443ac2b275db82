// A member of staff at /graphiql in production, by the cookie alone; prints as one JSON object what was seen.
//
//   node staff.mjs ADDRESS EMAIL PASSWORD GENERATION [SCREENSHOT]
import { launch } from "./chromium.mjs";
import { signIn, watched } from "./pages.mjs";

const [address, email, password, generation, screenshot] = process.argv.slice(2);
const browser = await launch();
const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1400, height: 900 } });
const page = await context.newPage();
const seen = await watched(page);
seen.inits = [];
seen.authorized = [];
page.on("websocket", (socket) => {
  socket.on("framesent", ({ payload }) => payload.includes("connection_init") && seen.inits.push(JSON.parse(payload)));
});
page.on("request", (request) => {
  if (request.headers().authorization) seen.authorized.push(request.url());
});

async function run(document) {
  await page.locator(".graphiql-query-editor .view-lines").filter({ visible: true }).click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", pasted);
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, document);
  await page.getByRole("tab", { name: document.split(" ")[1] }).waitFor();
  await page.click(".graphiql-execute-button");
}

try {
  await page.goto(`${address}/graphiql`);
  seen.askedAt = new URL(page.url()).pathname;
  await signIn(page, email, password);
  await page.waitForSelector(".graphiql-query-editor .view-line");
  await run("query Me { viewer { displayName role } }");
  const response = page.locator(".graphiql-response");
  await response.getByText("SUPPORT").first().waitFor();
  seen.query = await response.locator(".view-lines").innerText();
  await run(`subscription Watch { generationProgress(id: "${generation}") { type generation { status } } }`);
  await response.getByText("SUCCEEDED").first().waitFor();
  seen.cookies = (await context.cookies()).map(({ name, secure, httpOnly, sameSite }) => ({ name, secure, httpOnly, sameSite }));
} catch (error) {
  throw new Error(`${page.url()}: ${error.message}\n${await page.locator("body").innerText()}\n${seen.complaints}`);
} finally {
  if (screenshot) await page.screenshot({ path: screenshot });
  await browser.close();
}
process.stdout.write(JSON.stringify(seen));
