"""Support: what people write to us, with an account or without one, and what we answer."""
