"""Accounts that are said to be a child's: frozen at once, given back on appeal, else erased (privacy policy, P23)."""
