// node-oidc-provider on a free port, with its own pages for signing in and agreeing. Prints its address.
// Arguments: the client's id, its secret, its one redirect.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [client_id, client_secret, redirect] = process.argv.slice(2);
const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const address = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(address, {
    clients: [{ client_id, client_secret, redirect_uris: [redirect] }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "picture"] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: true, name: `${id} of the other side` }),
    }),
    pkce: { required: () => true },
    cookies: { keys: ["a key of the tests"] },
  });
  server.on("request", provider.callback());
  console.log(address);
});
