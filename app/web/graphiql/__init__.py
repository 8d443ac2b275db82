"""GraphiQL, served by ourselves. `source/` is what `make graphiql` builds into `app/web/static/graphiql`."""
