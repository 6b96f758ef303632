"""Theory needs many consumers, and so the compiled week: without it (coverage runs) these tests are left out."""

import numba

collect_ignore_glob = ["test_*.py"] if numba.config.DISABLE_JIT else []
