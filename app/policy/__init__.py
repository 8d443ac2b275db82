"""The policy: its documents, their versions, and what keeps every sentence of them."""
