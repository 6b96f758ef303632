"""What would tip a market: critical sizes of interventions, hysteresis, phase diagrams, lever mixes."""
