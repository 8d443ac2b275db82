"""Consents: what people said yes and no to, as records that nobody can change, and what may be done because of it."""
