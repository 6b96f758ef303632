"""Each rule against its formula in real numbers."""
