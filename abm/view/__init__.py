"""The browser view: markets side by side, built on Mesa's SolaraViz."""
