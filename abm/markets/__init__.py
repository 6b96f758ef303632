"""What a market is, the profiles that ship with their evidence, and the published observations."""
