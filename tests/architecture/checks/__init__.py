"""What the architecture demands, as functions: each takes its subject and returns what is wrong with it."""
