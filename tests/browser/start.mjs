// Fails, with the reason in one line, where no browser can be started.
import { launch } from "./chromium.mjs";

try {
  const browser = await launch();
  await browser.close();
} catch (error) {
  process.stderr.write(error.message.split("\n")[0]);
  process.exitCode = 1;
}
