// Follows one generation with npm `graphql-ws`; prints each thing that happens as one JSON line.
//
//   node follow.mjs begin ADDRESS POLICY_VERSION      signs up, asks for three pictures and follows them to the end
//   node follow.mjs resume ADDRESS TOKEN ID AFTER     goes on behind a cursor
import { randomUUID } from "node:crypto";
import { writeSync } from "node:fs";
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const FOLLOW = `subscription ($id: ID!, $after: String) {
  generationProgress(id: $id, after: $after) { cursor sequence type progress generation { status images { index } } } }`;

// Written at once and whole: a line that was printed is a line that was handled, even if the next thing is SIGKILL.
const print = (line) => writeSync(1, `${JSON.stringify(line)}\n`);

async function execute(address, token, query, input) {
  const answer = await fetch(`${address}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const { data, errors } = await answer.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

async function begin(address, policyVersion) {
  const account = { email: "node@example.com", password: "correct horse battery", displayName: "Node", adult: true };
  const signUp = "mutation ($input: SignUpInput!) { signUp(input: $input) { token errors { message } } }";
  const { token } = (await execute(address, null, signUp, { ...account, policyVersion })).signUp;
  const generation = { prompt: "a person", width: 64, height: 64, count: 3 };
  const create =
    "mutation ($input: CreateGenerationInput!) { createGeneration(input: $input) { generation { id } errors { message } } }";
  const payload = (await execute(address, token, create, { generation, idempotencyKey: randomUUID() })).createGeneration;
  return { token, id: payload.generation.id };
}

const [mode, address, ...rest] = process.argv.slice(2);
let token, id, after;
if (mode === "begin") {
  ({ token, id } = await begin(address, rest[0]));
  print({ token, id });
} else {
  [token, id, after] = rest;
}

const client = createClient({
  url: `${address.replace("http", "ws")}/graphql`,
  webSocketImpl: WebSocket,
  connectionParams: { authorization: `Bearer ${token}` },
  retryAttempts: 0,
});
for await (const { data, errors } of client.iterate({ query: FOLLOW, variables: { id, after } })) {
  if (errors) throw new Error(JSON.stringify(errors));
  print(data.generationProgress);
}
await client.dispose();
