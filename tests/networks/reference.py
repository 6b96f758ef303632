"""Plain-Python generators that share nothing with the package but its random numbers."""

from collections import Counter

from abm.numerics.random import Purpose, draw, stream


def small_world(n: int, degree: int, rewiring: float, seed: int) -> list[list[int]]:
    """Rewire edge by edge, redraw duplicates round by round, put back on the ring what failed 64 times."""
    key = stream(seed, 0, "market")
    ring = [(i, (i + step) % n) for i in range(n) for step in range(1, degree // 2 + 1)]

    def words(edge: int, attempt: int) -> list[int]:
        return [int(word) for word in draw(key, edge, attempt, int(Purpose.NETWORK), 0)]

    moved = {edge for edge in range(len(ring)) if words(edge, 0)[0] < round(rewiring * 2**32)}
    edges, todo, attempt = list(ring), sorted(moved), 0
    while todo:
        for edge in todo:
            if attempt < 64:
                _, _, high, low = words(edge, attempt)
                others = [node for node in range(n) if node != ring[edge][0]]
                edges[edge] = (ring[edge][0], others[(high * 2**32 + low) * (n - 1) // 2**64])
            else:
                edges[edge] = ring[edge]
                moved.discard(edge)
        seen: Counter[frozenset[int]] = Counter()
        todo = []
        for edge in [t for t in range(len(edges)) if t not in moved] + sorted(moved):
            seen[frozenset(edges[edge])] += 1
            if seen[frozenset(edges[edge])] > 1:
                todo.append(edge)
        attempt += 1
    return rows(n, edges)


def scale_free(n: int, degree: int, seed: int) -> list[list[int]]:
    key = stream(seed, 0, "market")
    m = degree // 2
    edges = [(i, j) for i in range(m + 1) for j in range(i)]
    for node in range(m + 1, n):
        ends = [end for edge in edges for end in edge]
        chosen: list[int] = []
        while len(chosen) < m:
            attempt = 0
            while True:
                high, low, _, _ = draw(key, len(edges) + len(chosen), attempt, int(Purpose.NETWORK), 0)
                other = ends[(int(high) * 2**32 + int(low)) * len(ends) // 2**64]
                if other not in chosen:
                    break
                attempt += 1
            chosen.append(other)
        edges += [(node, other) for other in chosen]
    return rows(n, edges)


def rows(n: int, edges: list[tuple[int, int]]) -> list[list[int]]:
    neighbours: list[set[int]] = [set() for _ in range(n)]
    for a, b in edges:
        neighbours[a].add(b)
        neighbours[b].add(a)
    return [sorted(row) for row in neighbours]
