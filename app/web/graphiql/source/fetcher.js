// Queries and mutations by POST, subscriptions over a WebSocket, both as whom the headers editor says.
import { getOperationAST, parse } from "graphql";
import { createClient } from "graphql-ws";

const endpoint = new URL("/graphql", location.href);
const socketEndpoint = new URL(endpoint);
socketEndpoint.protocol = endpoint.protocol.replace("http", "ws");

// The server closes with these for good: nothing changes when the same is sent again.
const FINAL = new Set([4400, 4401, 4403]);

/** What GraphiQL calls: a promise of an answer, or an iterator over several. */
export function fetcher({ query, variables, operationName }, { headers } = {}) {
  const sent = presentHeaders(headers);
  const operation = { query, variables, operationName };
  return isSubscription(query, operationName) ? subscribe(operation, sent) : post(operation, sent);
}

/** Header names in lower case, as `connectionParams` expects them; without those that are empty. */
export function presentHeaders(headers = {}) {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value).trim()]);
  return Object.fromEntries(entries.filter(([, value]) => value && value.toLowerCase() !== "bearer"));
}

function isSubscription(query, operationName) {
  try {
    return getOperationAST(parse(query), operationName)?.operation === "subscription";
  } catch {
    return false; // the server says what is wrong with it
  }
}

async function post(operation, headers) {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { ...headers, accept: "application/graphql-response+json", "content-type": "application/json" },
    body: JSON.stringify(operation),
  });
  return response.json();
}

/** A client for each subscription: the token is sent once for a socket, and may be another one next time. */
async function* subscribe(operation, headers) {
  const client = createClient({
    url: socketEndpoint.href,
    connectionParams: headers,
    shouldRetry: (event) => !FINAL.has(event?.code),
  });
  try {
    for await (const result of client.iterate(operation)) yield result;
  } catch (error) {
    yield { errors: readable(error) };
  } finally {
    client.dispose();
  }
}

function readable(error) {
  if (Array.isArray(error)) return error;
  if (typeof error?.code === "number") return [{ message: `The socket was closed: ${error.code} ${error.reason}` }];
  return [{ message: String(error?.message ?? error) }];
}
