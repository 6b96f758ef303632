"""What would tip a market: critical pushes, hysteresis, phase diagrams, mixes of levers."""
