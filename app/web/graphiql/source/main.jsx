// The page at /graphiql.
import { explorerPlugin } from "@graphiql/plugin-explorer";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { createRoot } from "react-dom/client";
import "graphiql/style.css";
import "@graphiql/plugin-explorer/style.css";
import "./page.css";
import { fetcher } from "./fetcher.js";
import { storage } from "./storage.js";
import welcome from "./welcome.graphql";

const workers = { graphql: GRAPHQL_WORKER, json: JSON_WORKER };

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => new Worker(new URL(workers[label] ?? EDITOR_WORKER, import.meta.url)),
};

// "Bearer " without a token counts as no token: paste one behind it.
const headers = JSON.stringify({ authorization: "Bearer " }, null, 2);

// Headers hold tokens: they are never written to the browser's storage, and no setting changes that.
createRoot(document.getElementById("graphiql")).render(
  <GraphiQL
    fetcher={fetcher}
    storage={storage}
    plugins={[HISTORY_PLUGIN, explorerPlugin()]}
    defaultQuery={welcome}
    defaultHeaders={headers}
    defaultEditorToolsVisibility="headers"
    isHeadersEditorEnabled
    shouldPersistHeaders={false}
    showPersistHeadersSettings={false}
  />,
);
