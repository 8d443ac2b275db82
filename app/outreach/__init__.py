"""Outreach: what we tell people, and whether they have seen it."""
