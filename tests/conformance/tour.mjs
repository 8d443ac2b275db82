// What every client has to manage: create, follow, lose the connection, resume, cancel. Prints JSON lines.
//
//   node tour.mjs CLIENT ADDRESS TOKEN
import { writeSync } from "node:fs";
import { clients } from "./clients.mjs";

const CREATE = `mutation ($input: CreateGenerationInput!) {
  createGeneration(input: $input) { generation { id } errors { code message } } }`;
const CANCEL = `mutation ($id: ID!) { cancelGeneration(input: {id: $id}) { generation { id status } errors { code } } }`;

const print = (line) => writeSync(1, `${JSON.stringify(line)}\n`);
const isState = ({ type }) => !["SNAPSHOT", "PROGRESS", "PREVIEW"].includes(type);

const [name, address, token] = process.argv.slice(2);
const client = clients[name](address, token);

async function create(count) {
  const generation = { prompt: "a person", width: 64, height: 64, count };
  const input = { generation, idempotencyKey: crypto.randomUUID() };
  return (await client.run(CREATE, { input })).createGeneration.generation.id;
}

async function follow(part, id, after, handle = () => {}) {
  for await (const { generationProgress: event } of client.follow({ id, after })) {
    print({ part, id, event });
    await handle(event);
  }
  print({ part, complete: true });
}

let cursor, states = 0;
const first = await create(3);
try {
  await follow("begun", first, undefined, (event) => {
    cursor = event.cursor;
    states += isState(event);
    if (states === 2) client.cut();
  });
} catch (error) {
  print({ part: "begun", broken: true });
}
await follow("resumed", first, cursor);

const second = await create(4);
let asked = false;
await follow("canceled", second, undefined, async () => {
  if (asked) return;
  asked = true;
  print({ part: "cancel", payload: (await client.run(CANCEL, { id: second })).cancelGeneration });
});
await client.close();
