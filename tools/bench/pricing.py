"""How long a large cart takes to price: `python -m tools.bench.pricing`. The goal is 30 lines with options in under 5 ms."""

from __future__ import annotations

import time
from dataclasses import replace
from statistics import median, quantiles

from apps.stores.pricing.totals import price_intents
from apps.stores.tests.pricing.from_file import catalog_of, store_file
from apps.stores.tests.pricing.sample_orders import context_of
from apps.stores.tests.pricing.test_shuffled_carts import STORES, wishes

LINES, ROUNDS, GOAL_MS = 30, 200, 5.0


def measure(slug: str) -> tuple[float, float, float]:
    """Processor time for one cart, and the median and 95th percentile by the clock on the wall, in milliseconds.

    Lines are checked, priced and totalled under all promotions of the store. Processor time is the figure to compare:
    on a machine that does other work as well, the wall clock counts that work too.
    """
    catalog, context = catalog_of(slug), context_of(store_file(slug), store_file(slug)["orders"][0])
    rich = sorted(wishes(slug), key=lambda row: -(len(row.options) + 2 * len(row.choices) + bool(row.pizza)))
    cart = [replace(rich[number % 10], quantity=1 + number % 4) for number in range(LINES)]
    took, busy = [], time.process_time()
    for _round in range(ROUNDS):
        started = time.perf_counter()
        price_intents(catalog, cart, context)
        took.append((time.perf_counter() - started) * 1000)
    busy = (time.process_time() - busy) * 1000 / ROUNDS
    return busy, median(took), quantiles(took, n=20)[-1]


def main() -> None:
    """Print one row for each demo store."""
    for slug in STORES:
        busy, middle, slow = measure(slug)
        verdict = "under" if busy < GOAL_MS else "OVER"
        print(
            f"{slug:18} {LINES} lines with options: {busy:.2f} ms ({verdict} {GOAL_MS:.0f}); wall median {middle:.2f}, p95 {slow:.2f}"
        )


if __name__ == "__main__":
    main()
