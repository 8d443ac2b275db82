// Takes the tour of /graphiql like a person; prints as one JSON object what the page did and what it showed.
//
//   node graphiql.mjs ADDRESS [SCREENSHOT]
import { launch } from "./chromium.mjs";

const [address, screenshot] = process.argv.slice(2);
const seen = { requests: [], complaints: [], frames: [] };
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
page.setDefaultTimeout(15_000);
page.on("request", (request) => seen.requests.push(request.url()));
page.on("console", (message) => ["error", "warning"].includes(message.type()) && complain(message.text()));
page.on("pageerror", (error) => complain(String(error)));
page.on("websocket", (socket) => {
  seen.requests.push(socket.url());
  socket.on("framesent", ({ payload }) => seen.frames.push(JSON.parse(payload)));
  socket.on("framereceived", ({ payload }) => seen.frames.push(JSON.parse(payload)));
});
await page.exposeFunction("complain", complain);
await page.addInitScript(() => {
  addEventListener("securitypolicyviolation", (event) => complain(`${event.violatedDirective}: ${event.blockedURI}`));
});

function complain(text) {
  seen.complaints.push(text);
}

async function answerOf(name, action) {
  const answer = page.waitForResponse((response) => response.request().postData()?.includes(`"operationName":"${name}"`));
  await action();
  return (await answer).json();
}

async function run(name) {
  await page.click(".graphiql-execute-button");
  await page.getByRole("menuitem", { name }).click();
}

/** Pastes over all that is there: what is typed, the editor would complete with brackets. */
async function write(editor, text) {
  await page.locator(`${editor} .view-lines`).filter({ visible: true }).click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", pasted);
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

try {
  await tour();
} finally {
  if (screenshot) await page.screenshot({ path: screenshot });
  await browser.close();
}
process.stdout.write(JSON.stringify(seen));

async function tour() {
  const started = Date.now();
  await page.goto(`${address}/graphiql`);
  await page.waitForSelector(".graphiql-query-editor .view-line");
  seen.milliseconds = Date.now() - started;

  await page.getByLabel("Show Documentation Explorer").click();
  await page.getByRole("link", { name: "Subscription" }).waitFor();
  seen.documentation = await page.locator(".graphiql-plugin").innerText();
  await page.getByLabel("Show GraphiQL Explorer").click();
  await page.locator(".graphiql-plugin").getByText("createGeneration").first().waitFor();
  seen.explorer = await page.locator(".graphiql-plugin").innerText();

  const { token } = (await answerOf("SignUp", () => run("SignUp"))).data.signUp;
  await write(".graphiql-editor-tool", JSON.stringify({ authorization: `Bearer ${token}` }));
  const created = (await answerOf("Create", () => run("Create"))).data.createGeneration;
  seen.created = created;
  if (!created.generation) throw new Error(JSON.stringify(created.errors));
  await write(
    ".graphiql-query-editor",
    `subscription Watch { generationProgress(id: "${created.generation.id}") { type generation { status } } }`,
  );
  await page.getByRole("tab", { name: "Watch" }).waitFor(); // until then the button offers the operations of before
  await page.click(".graphiql-execute-button");
  await page.locator(".graphiql-response").getByText("SUCCEEDED").first().waitFor();
  await page.getByLabel("Execute query").waitFor(); // again, no longer "Stop query": the subscription has completed
  seen.shown = await page.locator(".graphiql-response .view-lines").innerText();
  seen.stored = await page.evaluate(() => JSON.stringify(localStorage));
  seen.token = token;
}
