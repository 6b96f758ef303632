"""The promise of exactness: same config, same seed, same bytes; and what follows from it."""
