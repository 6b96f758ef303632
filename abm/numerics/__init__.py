"""Random numbers, fixed point, lookup tables, bits, threads and compiling: nothing here knows of shopping."""
