"""What people would use otherwise, doing the same work: one file a tool, each run in an environment of its own.

A file holds ``TITLE``, ``PACKAGES`` (what its environment needs; none: the project's own), ``WEEKS`` (timed at once:
so many that a million consumers take a quarter of a second or more) and ``prepare(work)``, which returns a function
that runs so many weeks; that may return the seconds itself.
"""

NAMES = (
    "this_model", "scipy_sparse", "numba_gather", "mesa_cached", "mesa_network",
    "mesa_frames", "jax_cpu", "starsim_sis",
)  # fmt: skip
