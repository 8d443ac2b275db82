"""What we hold about a person as one ZIP: pages to read, JSON by a schema, the files, and a signed list of it all."""
