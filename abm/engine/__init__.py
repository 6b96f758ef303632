"""State, network in memory, the compiled week, and the loop over weeks."""
