"""The decision journal: what people decided about their data, outside of the database, so that no backup undoes it."""
