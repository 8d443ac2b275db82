// Lets an app on this machine in, from its link to its own page; prints as one JSON object what was seen.
//
//   node consent.mjs LINK HOST PORT EMAIL PASSWORD [SCREENSHOT]
import { createServer } from "node:http";
import { launch } from "./chromium.mjs";
import { signIn, watched } from "./pages.mjs";

const [link, host, port, email, password, screenshot] = process.argv.slice(2);
const app = createServer((_request, response) => response.end("Back at the app")).listen(Number(port), host);
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 390, height: 844 }, colorScheme: "dark" });
const seen = await watched(page);

try {
  await page.goto(link);
  await signIn(page, email, password);
  await page.getByRole("button", { name: "Allow" }).waitFor();
  if (screenshot) await page.screenshot({ path: screenshot });
  await page.getByRole("link", { name: "Use another account" }).click();
  await page.getByRole("link", { name: "go on as Ada" }).click();
  await page.getByRole("button", { name: "Allow" }).click();
  await page.getByText("Back at the app").waitFor();
  seen.answer = Object.fromEntries(new URL(page.url()).searchParams);
} catch (error) {
  throw new Error(`${page.url()}: ${error.message}\n${seen.complaints}`);
} finally {
  await browser.close();
  app.close();
}
process.stdout.write(JSON.stringify(seen));
