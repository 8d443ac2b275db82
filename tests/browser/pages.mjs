// What every script notes of a page: what it asked for, and whatever it or its policy complained of.

export async function watched(page) {
  const seen = { requests: [], complaints: [] };
  const complain = (text) => seen.complaints.push(text);
  page.setDefaultTimeout(15_000);
  page.on("request", (request) => seen.requests.push(request.url()));
  page.on("websocket", (socket) => seen.requests.push(socket.url()));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complain(message.text()));
  page.on("pageerror", (error) => complain(String(error)));
  await page.exposeFunction("complain", complain);
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => complain(`${event.violatedDirective}: ${event.blockedURI}`));
  });
  return seen;
}

export async function signIn(page, email, password) {
  await page.getByLabel("Your email address").fill(email);
  await page.getByLabel("Your password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}
