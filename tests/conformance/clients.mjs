// The public clients, each as two verbs: `run` an operation, `follow` a generation's events. `cut` breaks the connection
// that the events come over, as a tunnel does.
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { isSubscriptionOperation } from "@apollo/client/utilities";
import { createClient as createEventClient } from "graphql-sse";
import { createClient as createSocketClient } from "graphql-ws";
import WebSocket from "ws";

export const FOLLOW = `subscription ($id: ID!, $after: String) {
  generationProgress(id: $id, after: $after) {
    cursor sequence type progress generation { id status progress images { id index } } } }`;

const headersFor = (token) => ({ authorization: `Bearer ${token}` });

function socketClient(address, token) {
  const sockets = new Set();
  const client = createSocketClient({
    url: `${address.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: headersFor(token),
    retryAttempts: 0,
    on: { connected: (socket) => sockets.add(socket), closed: () => sockets.clear() },
  });
  return { client, cut: () => sockets.forEach((socket) => socket.terminate()) };
}

async function* data(results) {
  for await (const result of results) {
    if (result.errors) throw new Error(JSON.stringify(result.errors));
    yield result.data;
  }
}

async function first(results) {
  for await (const result of results) return result;
}

export function graphqlWs(address, token) {
  const { client, cut } = socketClient(address, token);
  return {
    run: (query, variables) => first(data(client.iterate({ query, variables }))),
    follow: (variables) => data(client.iterate({ query: FOLLOW, variables })),
    cut,
    close: () => client.dispose(),
  };
}

export function graphqlSse(address, token) {
  let breaker = new AbortController();
  const client = createEventClient({
    url: `${address}/graphql`,
    headers: headersFor(token),
    retryAttempts: 0,
    fetchFn: (url, init) => fetch(url, { ...init, signal: AbortSignal.any([init.signal, breaker.signal]) }),
  });
  const cut = () => {
    breaker.abort();
    breaker = new AbortController();
  };
  return {
    run: (query, variables) => first(data(client.iterate({ query, variables }))),
    follow: (variables) => data(client.iterate({ query: FOLLOW, variables })),
    cut,
    close: () => client.dispose(),
  };
}

export function apollo(address, token, typePolicies = {}) {
  const { client: sockets, cut } = socketClient(address, token);
  const http = new HttpLink({ uri: `${address}/graphql`, headers: headersFor(token) });
  const link = ApolloLink.split(({ query }) => isSubscriptionOperation(query), new GraphQLWsLink(sockets), http);
  const client = new ApolloClient({ link, cache: new InMemoryCache({ typePolicies }) });
  return {
    client,
    run: async (mutation, variables) => (await client.mutate({ mutation: gql(mutation), variables })).data,
    follow: (variables) => data(iterable(client.subscribe({ query: gql(FOLLOW), variables }))),
    cut,
    close: () => (client.stop(), sockets.dispose()),
  };
}

// Apollo's observables as the async iterables that the others have. It reports errors as `error` of a result.
async function* iterable(observable) {
  const arrived = [];
  let wake = () => {};
  const put = (thing) => (arrived.push(thing), wake());
  observable.subscribe({
    next: ({ data, error }) => put(error ? { error } : { data }),
    error: (error) => put({ error }),
    complete: () => put({ done: true }),
  });
  while (true) {
    while (arrived.length === 0) await new Promise((resolve) => (wake = resolve));
    const { data, error, done } = arrived.shift();
    if (error) throw error;
    if (done) return;
    yield { data };
  }
}

export const clients = { "graphql-ws": graphqlWs, "graphql-sse": graphqlSse, "@apollo/client": apollo };
