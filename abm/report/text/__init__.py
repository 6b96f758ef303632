"""Numbers, amounts and lists in words."""
