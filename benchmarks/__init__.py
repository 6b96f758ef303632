"""Speed, measured: ratios in one run, medians, never single times (machines are noisy)."""
