"""The same simulation as a Mesa model: consumers as agents, for reading, plotting and own rules."""
