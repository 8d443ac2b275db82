// What the normalised cache of @apollo/client makes of the API. Prints one JSON object.
//
//   node apollo-cache.mjs ADDRESS TOKEN
import { gql } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import { apollo } from "./clients.mjs";

const GENERATIONS = gql`query ($after: String) {
  viewer { id generations(first: 2, after: $after) {
    edges { cursor node { id prompt status progress } } pageInfo { hasNextPage endCursor } } } }`;
const CREATE = `mutation ($input: CreateGenerationInput!) {
  createGeneration(input: $input) { generation { id } errors { code message } } }`;

const [address, token] = process.argv.slice(2);
const { client, run, follow, close } = apollo(address, token, { User: { fields: { generations: relayStylePagination() } } });

for (let number = 0; number < 5; number++) {
  const generation = { prompt: `person ${number}`, width: 64, height: 64, engine: "gated" };
  await run(CREATE, { input: { generation, idempotencyKey: `${number}` } });
}

// One page after another becomes one list.
const { data } = await client.query({ query: GENERATIONS });
let page = data.viewer.generations.pageInfo;
const list = client.watchQuery({ query: GENERATIONS });
const shown = [];
list.subscribe(({ data }) => shown.push(data.viewer.generations));
while (page.hasNextPage) {
  const more = await list.fetchMore({ variables: { after: page.endCursor } });
  page = more.data.viewer.generations.pageInfo;
}
const prompts = () => shown.at(-1).edges.map(({ node }) => node.prompt);

// An event about one of them shows in the list, which is not fetched again.
const { node } = shown.at(-1).edges[0];
for await (const { generationProgress } of follow({ id: node.id })) void generationProgress;
while (shown.at(-1).edges[0].node.status !== "SUCCEEDED") await new Promise((resolve) => setTimeout(resolve, 5));
const now = shown.at(-1).edges[0].node;
const kept = Object.keys(client.cache.extract()).filter((key) => key === client.cache.identify(node));
console.log(JSON.stringify({ prompts: prompts(), before: node.status, after: now.status, progress: now.progress, kept }));
await close();
