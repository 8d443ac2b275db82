// Runs one operation with npm `graphql-sse` in its distinct connections mode; prints each result as one JSON line.
//
//   node operate.mjs ADDRESS TOKEN QUERY VARIABLES
import { writeSync } from "node:fs";
import { createClient } from "graphql-sse";

const [address, token, query, variables] = process.argv.slice(2);
const client = createClient({
  url: `${address}/graphql`,
  headers: token ? { authorization: `Bearer ${token}` } : {},
  retryAttempts: 0,
});
try {
  for await (const result of client.iterate({ query, variables: JSON.parse(variables) })) {
    writeSync(1, `${JSON.stringify(result)}\n`);
  }
} catch (error) {
  writeSync(1, `${JSON.stringify({ refused: error.response?.status ?? null, message: error.message })}\n`);
}
client.dispose();
