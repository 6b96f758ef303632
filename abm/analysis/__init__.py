"""Analyses of results: what happened, why, and what would change it."""
