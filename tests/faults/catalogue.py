"""The faults: where, what the text says now, what it would say with the bug, and the tests that should notice.

A text has to occur exactly once in its file, or the run stops: a fault that cannot be planted proves nothing.
"""

from typing import NamedTuple


class Fault(NamedTuple):
    """One small bug."""

    name: str
    file: str
    right: str
    wrong: str
    tests: tuple[str, ...]
    compiled: bool = False  # whether it shows only in compiled code


REFERENCE = ("tests/test_kernel.py", "-k", "edge_cases or border or (equals_reference and 1)")
CRN = ("tests/exactness/test_common_random_numbers.py", "-k", "market")
FAMILIES = ("tests/networks/test_families.py",)
LEDGER = ("tests/levers/test_ledger.py", "-k", "whole_weeks or no_more_than_it_holds")

MECHANISMS = (
    Fault("sign of the habit term", "abm/mechanisms/habit.py", "strength * (2 * level - LEVELS)",
          "strength * (LEVELS - 2 * level)", ("tests/mechanisms/test_habit.py",)),
    Fault("habit learns the other mode", "abm/mechanisms/habit.py", "LEVELS * mode", "LEVELS * (1 - mode)",
          ("tests/mechanisms/test_habit.py",)),
    Fault("trust measured from nothing", "abm/mechanisms/trust.py", "weight * (2 * level - LEVELS)",
          "weight * 2 * level", ("tests/mechanisms/test_trust.py",)),
    Fault("bad news is good news", "abm/mechanisms/trust.py", "return level - ((lost", "return level + ((lost",
          ("tests/mechanisms/test_trust.py",)),
    Fault("clutter attracts", "abm/mechanisms/integration.py", "- clutter * (functions - 1.0)",
          "+ clutter * (functions - 1.0)", ("tests/mechanisms/test_terms.py",)),
    Fault("one function counts as none", "abm/mechanisms/integration.py", "clutter * (functions - 1.0)",
          "clutter * functions", ("tests/mechanisms/test_terms.py",)),
    Fault("< for <=: ties do not adopt", "abm/mechanisms/choice.py", "ONE if utility >= 0 else 0",
          "ONE if utility > 0 else 0", ("tests/mechanisms/test_choice.py",)),
    Fault("the curve read a unit too low", "abm/mechanisms/choice.py", "min(max(utility, -_EDGE)",
          "min(max(utility - ONE, -_EDGE)", ("tests/mechanisms/test_choice.py",)),
    Fault("one point off on the curve", "abm/mechanisms/choice.py", "low = curve[point]", "low = curve[point + _NEXT]",
          ("tests/mechanisms/test_choice.py",)),
    Fault("the last contact is forgotten", "abm/mechanisms/awareness.py", "while n_super > 0:", "while n_super > 1:",
          ("tests/mechanisms/test_awareness.py",)),
    Fault("advertising counts twice", "abm/mechanisms/awareness.py",
          "return advertising + share_of(word_of_mouth, n_super, n_neighbors)",
          "return advertising + advertising + share_of(word_of_mouth, n_super, n_neighbors)",
          ("tests/mechanisms/test_awareness.py",)),
    Fault("oneself as a neighbour", "abm/mechanisms/norm.py", "return share_of(strength, n_super, n_neighbors)",
          "return share_of(strength, n_super, n_neighbors + 1)", ("tests/mechanisms/test_terms.py",)),
    Fault("live streams without a ceiling", "abm/mechanisms/livestream.py", "min(1.0, reach + growth * merchants)",
          "reach + growth * merchants", ("tests/mechanisms/test_terms.py",)),
    Fault("merchants without a floor", "abm/mechanisms/supply.py", "pull = gmv_share + FLOOR_SHARE",
          "pull = gmv_share", ("tests/mechanisms/test_supply.py",)),
    Fault("price for those not reached", "abm/mechanisms/price.py", "return value if reached else 0",
          "return 0 if reached else value", ("tests/mechanisms/test_terms.py",)),
    Fault("more used than is in stock", "abm/mechanisms/stockpile.py", "stock - min(stock, use)", "stock - use",
          ("tests/mechanisms/test_stockpile.py",)),
    Fault("stocks without an end", "abm/mechanisms/stockpile.py", "stock + min(ahead, FULL - stock)", "stock + ahead",
          ("tests/mechanisms/test_stockpile.py",)),
    Fault("what is stored is sold twice", "abm/mechanisms/stockpile.py", "- ((basket * before) >> STOCK_BITS)", "",
          ("tests/mechanisms/test_stockpile.py",)),
    Fault("oneself as a neighbour where all are", "abm/mechanisms/norm.py",
          "share_of_many(strength, n_super, n_others)", "share_of_many(strength, n_super, n_others + 1)", REFERENCE),
    Fault("a share without rounding", "abm/fixed_point.py", "product = weight * count + (total >> 1)",
          "product = weight * count", ("tests/test_fixed_point.py",)),
    Fault("levels never quite arrive", "abm/fixed_point.py", "((rate * (target - level) + 32768) >> RATE_BITS)",
          "((rate * (target - level)) >> RATE_BITS)", ("tests/test_fixed_point.py", "tests/mechanisms")),
)  # fmt: skip

CHANCE = (
    Fault("nine rounds of Philox", "abm/random.py", "for _ in range(10):", "for _ in range(9):",
          ("tests/test_random.py",)),
    Fault("wrong key field: seed and replicate swapped", "abm/random.py",
          "        stream.seed,\n        stream.replicate,\n", "        stream.replicate,\n        stream.seed,\n",
          ("tests/test_random.py",)),
    Fault("the same words every week", "abm/random.py", "        np.uint64(week),\n", "        np.uint64(0),\n",
          ("tests/test_random.py",)),
    Fault("parts of a draw overlap", "abm/random.py", "(np.uint64(part) << _PART)", "np.uint64(part)",
          ("tests/test_random.py",)),
    Fault("a mask with < and >= swapped at one digit", "abm/random.py", "undecided &= word\n", "undecided &= ~word\n",
          ("tests/test_random.py",)),
    Fault("a purpose renumbered", "abm/random.py", "WEEK = 4 ", "WEEK = 9 ", ("tests/test_random.py",)),
    Fault("live ranks drawn from the wrong half", "abm/population.py", "np.int64(ranks) >> 16",
          "np.int64(ranks) & 0xFFFF", REFERENCE),
    Fault("one seed too few", "abm/first_adopters.py", "key_of(stream, i) <= last_key", "key_of(stream, i) < last_key",
          REFERENCE),
    Fault("unequal baskets forgotten beside equal ones", "abm/market.py", "any(market.basket_sigma > 0",
          "all(market.basket_sigma > 0", REFERENCE),
    Fault("first adopters who never heard of it", "abm/population.py", "    aware |= mode\n", "", REFERENCE),
    Fault("neighbours of the wrong market", "abm/ties.py", "np.add(csr.indices, np.uint32(first)",
          "np.add(csr.indices, np.uint32(0 * first)", REFERENCE),
)  # fmt: skip

WEEK = (
    Fault("a full last block is empty", "abm/desk.py", "_ALL if n_left >= 64", "_ALL if n_left > 64", REFERENCE),
    Fault("lost flip: those who leave tell nobody", "abm/batch.py", "new_mode, new_mode ^ old_mode, let_down",
          "new_mode, new_mode & ~old_mode, let_down", REFERENCE),
    Fault("stale count: old bad news is told again", "abm/telling.py", "            counts[row] = 0\n",
          "            pass\n", REFERENCE),
    Fault("stale count: news are taken in twice", "abm/telling.py", "            told[row] = 0\n", "            pass\n",
          REFERENCE),
    Fault("the last messengers are forgotten", "abm/telling.py", ", last_block + NOTED, NOTED)", ", last_block, NOTED)",
          REFERENCE),
    Fault("ties read beyond the last", "abm/telling.py", "begin + _FEW <= indices.size", "begin <= indices.size",
          REFERENCE),
    Fault("those not asked count as reached", "abm/batch.py", "0 < rank < 1 << RANK_BITS", "0 < rank < 1 << 9",
          REFERENCE),
    Fault("wrong neighbour is told", "abm/telling.py", "place = np.uint64(places[k])",
          "place = np.uint64(places[np.uint64(first)])", REFERENCE),
    Fault("leavers are counted as joiners", "abm/telling.py", "slot, n_plus, n, -1)", "slot, n_plus, n, 1)",
          REFERENCE),
    Fault("every batch decides with the draws of the first", "abm/kernel.py", "Batch(64 * local,",
          "Batch(64 * first_block,", ("tests/test_kernel.py", "-k", "one_batch_after")),
    Fault("a closed shop sells", "abm/batch.py", "open_to[k] & launched & (wants", "open_to[k] & (wants", REFERENCE),
    Fault("nobody stays", "abm/batch.py", "(wants | (mode[k] & no_way_back))", "wants", REFERENCE),
    Fault("those who never heard of it shop there", "abm/batch.py", "visit[k] & open_to[k] & launched",
          "visit[k] & launched", REFERENCE),
    Fault("bits of the wrong block when all are called up", "abm/desk.py", "[first + block], flags, 64 * block)",
          "[first + block], flags, 64 * (block ^ 1))", REFERENCE),
    Fault("idle entries of the desk shop", "abm/desk.py", "row[k] = k < called.n\n", "row[k] = 1\n",
          REFERENCE),
    Fault("the average basket costs nothing", "abm/batch.py", "sale[k] = BASKET", "sale[k] = 0", REFERENCE),
    Fault("last market's bad news told in this one", "abm/batch.py", "            masks.let_down[block] = _ZERO\n",
          "            pass\n", ("tests/test_kernel.py", "-k", "every_size_beside")),
    Fault("super consumers count themselves", "abm/week.py",
          "norm_of_all(values.norm_strength, n_super - 1, n_others)",
          "norm_of_all(values.norm_strength, n_super + 0, n_others)", REFERENCE),
    Fault("< for <= at the reach of live streams", "abm/week.py", "person.live_rank < now.live_rank",
          "person.live_rank <= now.live_rank", REFERENCE),
    Fault("merchants of an open shop stand still", "abm/kernel.py", "if values.launched != 0:",
          "if values.launched == 0:", REFERENCE),
    Fault("flows carried over", "abm/kernel.py", "stock if column < FIRST_FLOW else 0", "stock", REFERENCE),
    Fault("threads overwrite each other's counts", "abm/kernel.py", "News(news.n_super[lane]", "News(news.n_super[0]",
          ("tests/exactness/test_races.py", "-k", "message or many_runs"), compiled=True),
    Fault("a block lost between two threads", "abm/threads.py", "(market, first, min(first + PART_BLOCKS, ",
          "(market, first, min(first + PART_BLOCKS - 1, ", ("tests/test_kernel.py", "-k", "threads_and_parts"),
          compiled=True),
    Fault("every portion of weeks starts over", "abm/simulation.py",
          "tallies[0], merchants[0] = self._tallies[-1][-1], ",
          "tallies[0], merchants[0] = self._tallies[0][-1], ", ("tests/test_kernel.py", "-k", "portions"),
          compiled=True),
    Fault("the week's number stands still", "abm/kernel.py", "first_week + step, place,", "first_week, place,",
          REFERENCE),
)  # fmt: skip

SCENARIOS = (
    Fault("off by one week: levers act late", "abm/levers/ledger.py", "if first <= week < end and self._levers",
          "if first < week <= end and self._levers", REFERENCE),
    Fault("levers act in every market", "abm/levers/ledger.py", "self._in_window(week) if lever.market == market]",
          "self._in_window(week)]", CRN),
    Fault("levers end a week early", "abm/levers/base.py", "else first + self.weeks", "else first + self.weeks - 1",
          REFERENCE),
    Fault("off by one week: launched late", "abm/schedule.py", "week >= self._launch[place]",
          "week > self._launch[place]", REFERENCE),
    Fault("habit rate in place of learning", "abm/schedule.py", "fp.rate(market.trust.learning)",
          "fp.rate(market.habit.rate)", REFERENCE),
    Fault("net sales are gross", "abm/trajectory.py", "gmv_share * spend * (1 - market.returns)", "gmv_share * spend",
          ("tests/test_trajectory.py",)),
    Fault("a budget spent as if nothing had been", "abm/levers/ledger.py", "return min(cost, left)", "return cost",
          LEDGER),
    Fault("a lever sets its first value only", "abm/levers/set.py", "return market.replace(self.values)",
          "return market.replace(dict(list(self.values.items())[:1]))", REFERENCE),
)  # fmt: skip

NETWORKS = (
    Fault("a rewired tie to oneself", "abm/networks/small_world.py", "other + (other >= node)",
          "other + (other > node)", ("tests/networks/test_reference.py",)),
    Fault("ring neighbours one step too far", "abm/networks/feistel.py", "step = (number >> 1) + 1",
          "step = (number >> 1) + 2", ("tests/networks/test_families.py", "-k", "test_ring")),
    Fault("everybody equally popular", "abm/networks/scale_free.py",
          "other = heads[end >> 1] if end & 1 else np.uint32(_newcomer(end >> 1, m))",
          "other = np.uint32(end % _newcomer(first, m))",
          FAMILIES),
    Fault("switching breaks degrees", "abm/networks/regular.py", "ties.tails[other], ties.heads[other] = b, d",
          "ties.tails[other], ties.heads[other] = b, c", FAMILIES),
    Fault("a tie in one direction only", "abm/networks/assembly.py",
          "            indices[np.int64(places[head])] = np.uint32(tail)\n",
          "            indices[np.int64(places[head])] = np.uint32(head)\n", FAMILIES),
    Fault("a row left as the threads wrote it", "abm/networks/assembly.py",
          "    sort_rows(CSR(indptr, indices), threads)\n", "", FAMILIES),
    Fault("long rows left nearly sorted", "abm/networks/assembly.py", "23, 10, 4, 1)", "23, 10, 4)",
          ("tests/networks/test_assembly.py",)),
    Fault("threads overwrite each other's ties", "abm/networks/assembly.py", "    shared = threads > 1\n",
          "    shared = threads > 9\n", ("tests/networks/test_threads.py",), compiled=True),
    Fault("one sided partners", "abm/networks/feistel.py", "for number in range(ROUNDS - 2, -1, -2):",
          "for number in range(0, ROUNDS, 2):", ("tests/networks/test_procedural.py",)),
    Fault("partners beyond the last consumer", "abm/networks/feistel.py",
          "    cell = back(ties, cell ^ 1, number)\n    while cell >= ties.n:\n",
          "    cell = back(ties, cell ^ 1, number)\n    while cell > 2 * ties.n:\n",
          ("tests/networks/test_procedural.py",)),
    Fault("a repeat is taken out but not put back", "abm/networks/repeats.py",
          "            indices[free] = values[entry]\n", "            indices[free] = indices[place]\n", FAMILIES),
    Fault("ties abroad stay at home", "abm/networks/abroad.py", "if markets.tails[tie] != markets.heads[other] and",
          "if", ("tests/networks/test_abroad.py",)),
    Fault("too few ties inside communities", "abm/networks/communities.py", "n_inside = round(n_ties * network.within)",
          "n_inside = round(n_ties * network.within * 0.98)", FAMILIES),
)  # fmt: skip

FAULTS = (*MECHANISMS, *CHANCE, *WEEK, *SCENARIOS, *NETWORKS)
