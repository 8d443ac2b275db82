// A third-party app with `@apollo/client`: signs a person in through the authorization server (npm `oauth4webapi`), asks,
// follows, refreshes, and gives back what it has. Prints what happens as JSON lines; `open` is for the person's browser.
//
//   node app.ts ISSUER CLIENT_ID
import { once } from "node:events";
import { writeSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { isSubscriptionOperation } from "@apollo/client/utilities";
import { createClient } from "graphql-ws";
import * as oauth from "oauth4webapi";
import WebSocket from "ws";

const SCOPE = "profile generations:read generations:write";
const VIEWER = gql`{ viewer { displayName } }`;
const ADDRESS = gql`{ viewer { email } }`;
const CREATE = gql`mutation ($input: CreateGenerationInput!) {
  createGeneration(input: $input) { generation { id } errors { code message } } }`;
const FOLLOW = gql`subscription ($id: ID!) { generationProgress(id: $id) { type } }`;
const EVENTS = gql`subscription { generationEvents { type } }`;

type Tokens = { access: string; refresh: string; scope: string };

const print = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`);
const [issuer, clientId] = process.argv.slice(2) as [string, string];
const insecure = { [oauth.allowInsecureRequests]: true };
const client: oauth.Client = { client_id: clientId };
const server = await discover();

async function discover(): Promise<oauth.AuthorizationServer> {
  const found = await oauth.discoveryRequest(new URL(issuer), { algorithm: "oauth2", ...insecure });
  return oauth.processDiscoveryResponse(new URL(issuer), found);
}

// What a person does in their browser ends at an address of this machine, at whatever port is free (RFC 8252).
async function browse(address: (redirect: string) => URL): Promise<{ redirect: string; back: URL }> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const redirect = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/signed-in`;
  print({ open: address(redirect).href });
  const [request, response] = await once(listener, "request");
  response.end("You can close this window.");
  listener.close();
  return { redirect, back: new URL(request.url, redirect) };
}

async function signIn(): Promise<Tokens> {
  const verifier = oauth.generateRandomCodeVerifier();
  const challenge = await oauth.calculatePKCECodeChallenge(verifier);
  const state = oauth.generateRandomState();
  const { redirect, back } = await browse((redirect_uri) => {
    const address = new URL(server.authorization_endpoint!);
    const asked = { client_id: clientId, response_type: "code", redirect_uri, scope: SCOPE, state };
    address.search = String(
      new URLSearchParams({ ...asked, code_challenge: challenge, code_challenge_method: "S256" }),
    );
    return address;
  });
  const answer = oauth.validateAuthResponse(server, client, back, state); // `state`, and `iss` (RFC 9207)
  const response = await oauth.authorizationCodeGrantRequest(
    server, client, oauth.None(), answer, redirect, verifier, insecure,
  );
  return tokens(await oauth.processAuthorizationCodeResponse(server, client, response));
}

async function refresh(token: string): Promise<Tokens> {
  const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), token, insecure);
  return tokens(await oauth.processRefreshTokenResponse(server, client, response));
}

function tokens({ access_token, refresh_token, scope }: oauth.TokenEndpointResponse): Tokens {
  return { access: access_token, refresh: refresh_token!, scope: scope! };
}

function connect(access: string) {
  const counts = { opened: 0 };
  const authorization = `Bearer ${access}`;
  const sockets = createClient({
    url: `${issuer.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
    shouldRetry: (event) => (event as CloseEvent).code !== 4403, // what was ended stays ended
    on: {
      opened: () => counts.opened++,
      closed: (event) => print({ closed: (event as CloseEvent).code, opened: counts.opened }),
    },
  });
  const http = new HttpLink({ uri: `${issuer}/graphql`, headers: { authorization } });
  const link = ApolloLink.split(({ query }) => isSubscriptionOperation(query), new GraphQLWsLink(sockets), http);
  return { apollo: new ApolloClient({ link, cache: new InMemoryCache() }), close: () => sockets.dispose() };
}

async function refused(attempt: Promise<unknown>): Promise<object> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError) return { refused: error.error, status: error.status };
    if (CombinedGraphQLErrors.is(error)) {
      return error.errors.map(({ message, extensions }) => ({ message, code: extensions?.code }))[0]!;
    }
    return { status: (error as { statusCode?: number }).statusCode };
  }
  throw new Error("it was allowed");
}

async function viewer(apollo: ApolloClient): Promise<{ viewer: { displayName: string } }> {
  const { data } = await apollo.query<{ viewer: { displayName: string } }>({ query: VIEWER });
  return { viewer: { displayName: data!.viewer.displayName } };
}

// Ask for a picture and follow it to its end.
async function make(apollo: ApolloClient): Promise<void> {
  const generation = { prompt: "a person", width: 64, height: 64 };
  const input = { generation, idempotencyKey: crypto.randomUUID() };
  const { data } = await apollo.mutate<{ createGeneration: { generation: { id: string } } }>({
    mutation: CREATE,
    variables: { input },
  });
  const variables = { id: data!.createGeneration.generation.id };
  await new Promise<void>((resolve, reject) => {
    apollo.subscribe<{ generationProgress: { type: string } }>({ query: FOLLOW, variables }).subscribe({
      next: ({ data, error }) => (error ? reject(error) : print({ event: data!.generationProgress.type })),
      error: reject,
      complete: resolve,
    });
  });
}

// One sign-in, from the first question to a refresh token that was used twice.
const first = await signIn();
print({ scope: first.scope });
const before = connect(first.access);
print(await viewer(before.apollo));
print({ outside: await refused(before.apollo.query({ query: ADDRESS })) });
await make(before.apollo);
await before.close();
const second = await refresh(first.refresh);
const after = connect(second.access);
print({ refreshed: await viewer(after.apollo) });
print({ reused: await refused(refresh(first.refresh)) });
print({ successor: await refused(refresh(second.refresh)) });
print({ ended: await refused(after.apollo.query({ query: VIEWER, fetchPolicy: "network-only" })) });

// Another one, which the app itself ends while it listens.
const third = await signIn();
const last = connect(third.access);
const listening = refused(
  new Promise((resolve, reject) => {
    last.apollo.subscribe({ query: EVENTS }).subscribe({
      next: ({ error }) => error && reject(error),
      error: reject,
      complete: () => resolve(null),
    });
  }),
);
await new Promise((resolve) => setTimeout(resolve, 500));
const started = Date.now();
await oauth.processRevocationResponse(
  await oauth.revocationRequest(server, client, oauth.None(), third.refresh, insecure),
);
await listening;
print({ seconds: (Date.now() - started) / 1000 });
await new Promise((resolve) => setTimeout(resolve, 1500)); // whoever tries again would have
print({ done: true });
