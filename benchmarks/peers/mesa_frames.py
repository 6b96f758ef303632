"""mesa-frames: agents as a Polars table, ties as a table that is joined every week."""

from collections.abc import Callable

import numpy as np

from benchmarks import work

TITLE, PACKAGES, WEEKS = "mesa-frames (Polars)", ("mesa-frames==0.1.0a0", "numpy"), 2


def prepare(given: work.Work) -> Callable[[int], None]:
    """Create the tables."""
    import mesa_frames
    import polars as pl

    class Shoppers(mesa_frames.AgentSetPolars):
        def __init__(self, model: mesa_frames.ModelDF) -> None:
            super().__init__(model)
            ids = np.arange(given.n)
            self.add(pl.DataFrame({"unique_id": ids, "taste": given.taste, "mode": given.starters}))
            tellers = np.repeat(ids, given.degrees)
            self.ties = pl.DataFrame({"of": tellers, "unique_id": given.indices.astype(np.int64)})
            self.draws = np.random.default_rng(1)

        def step(self) -> None:
            modes = self.ties.join(self.agents.select("unique_id", "mode"), on="unique_id")
            share = modes.group_by("of").agg(pl.col("mode").mean().alias("share"))
            occasion, word = self.draws.random(given.n) < work.RATE, self.draws.random(given.n)
            chance = 1 / (1 + (-(pl.col("taste") + work.STRENGTH * pl.col("share"))).exp())
            self.agents = (
                self.agents.join(share, left_on="unique_id", right_on="of", how="left", maintain_order="left")
                .with_columns(occasion=pl.Series(occasion), word=pl.Series(word))
                .with_columns(
                    mode=pl.when("occasion").then((pl.col("word") < chance).cast(pl.UInt8)).otherwise(pl.col("mode"))
                )
                .drop("share", "occasion", "word")
            )

    shoppers = Shoppers(mesa_frames.ModelDF(1))

    def run(weeks: int) -> None:
        for _ in range(weeks):
            shoppers.step()

    return run
