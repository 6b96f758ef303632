"""JAX on the processor: sums over the ties of each consumer, weeks in one compiled loop."""

from collections.abc import Callable

import numpy as np

from benchmarks import work

TITLE, PACKAGES, WEEKS = "JAX (CPU)", ("jax", "numpy"), 20


def prepare(given: work.Work) -> Callable[[int], None]:
    """Move everything into JAX."""
    import jax
    import jax.numpy as jnp

    owners = jnp.array(np.repeat(np.arange(given.n, dtype=np.int32), given.degrees))
    indices, taste = jnp.array(given.indices.astype(np.int32)), jnp.array(given.taste)
    weight = jnp.array((work.STRENGTH / given.degrees).astype(np.float32))

    def week(state: jax.Array, key: jax.Array) -> tuple[jax.Array, None]:
        counts = jax.ops.segment_sum(state[indices], owners, num_segments=given.n, indices_are_sorted=True)
        occasion, word = (jax.random.uniform(part, (given.n,)) for part in jax.random.split(key))
        wants = (word < jax.nn.sigmoid(taste + weight * counts)).astype(state.dtype)
        return jnp.where(occasion < work.RATE, wants, state), None

    compiled = jax.jit(lambda state, keys: jax.lax.scan(week, state, keys)[0])
    now = [jnp.array(given.starters, dtype=jnp.float32), jax.random.key(1)]

    def run(weeks: int) -> None:
        now[1], key = jax.random.split(now[1])
        now[0] = compiled(now[0], jax.random.split(key, weeks)).block_until_ready()

    return run
