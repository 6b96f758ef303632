"""From a config file to runs, from runs to workers, from workers to result files."""
