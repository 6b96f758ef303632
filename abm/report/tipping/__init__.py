"""The page of a search for tipping points."""
