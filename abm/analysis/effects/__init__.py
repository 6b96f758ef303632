"""What scenarios change: summaries, paired comparisons, precision."""
