"""Frozen results: exact tallies of small runs that change only with a new model version."""
