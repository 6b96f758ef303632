"""Plain-Python generators that share nothing with the package but its random numbers."""

from collections import Counter

from abm.numerics.random import Purpose, draw, stream


def small_world(n: int, degree: int, rewiring: float, seed: int) -> list[list[int]]:
    """Rewire tie by tie, redraw repeats round by round, put back on the ring what failed 64 times."""
    key = stream(seed, 0, "market")
    ring = [(i, (i + step) % n) for i in range(n) for step in range(1, degree // 2 + 1)]

    def words(tie: int, attempt: int) -> list[int]:
        return [int(word) for word in draw(key, tie, attempt, int(Purpose.NETWORK), 0)]

    moved = {tie for tie in range(len(ring)) if words(tie, 0)[0] < round(rewiring * 2**32)}
    ties, todo, attempt = list(ring), sorted(moved), 0
    while todo:
        for tie in todo:
            if attempt < 64:
                _, _, high, low = words(tie, attempt)
                others = [node for node in range(n) if node != ring[tie][0]]
                ties[tie] = (ring[tie][0], others[(high * 2**32 + low) * (n - 1) // 2**64])
            else:
                ties[tie] = ring[tie]
                moved.discard(tie)
        seen: Counter[frozenset[int]] = Counter()
        todo = []
        for tie in [t for t in range(len(ties)) if t not in moved] + sorted(moved):
            seen[frozenset(ties[tie])] += 1
            if seen[frozenset(ties[tie])] > 1:
                todo.append(tie)
        attempt += 1
    return rows(n, ties)


def scale_free(n: int, degree: int, seed: int) -> list[list[int]]:
    key = stream(seed, 0, "market")
    m = degree // 2
    ties = [(i, j) for i in range(m + 1) for j in range(i)]
    for node in range(m + 1, n):
        ends = [end for tie in ties for end in tie]
        chosen: list[int] = []
        while len(chosen) < m:
            attempt = 0
            while True:
                high, low, _, _ = draw(key, len(ties) + len(chosen), attempt, int(Purpose.NETWORK), 0)
                other = ends[(int(high) * 2**32 + int(low)) * len(ends) // 2**64]
                if other not in chosen:
                    break
                attempt += 1
            chosen.append(other)
        ties += [(node, other) for other in chosen]
    return rows(n, ties)


def rows(n: int, ties: list[tuple[int, int]]) -> list[list[int]]:
    neighbours: list[set[int]] = [set() for _ in range(n)]
    for a, b in ties:
        neighbours[a].add(b)
        neighbours[b].add(a)
    return [sorted(row) for row in neighbours]
