"""The audit log: what happened to whose account, by whom and what for, under names that lead nowhere after erasure."""
