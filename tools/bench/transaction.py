"""The bare transaction: one order, two lines, two conditional stock updates with psycopg, eight clients. No framework."""

from __future__ import annotations

import threading
import time
import uuid

import psycopg

CLIENTS = 8
STOCKS = 400

SETUP = """
CREATE TABLE IF NOT EXISTS bare_stock (id int PRIMARY KEY, left_over int NOT NULL CHECK (left_over >= 0));
CREATE TABLE IF NOT EXISTS bare_order (id uuid PRIMARY KEY, total numeric NOT NULL, placed_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS bare_line (id uuid PRIMARY KEY, order_id uuid NOT NULL REFERENCES bare_order, name text, quantity int);
INSERT INTO bare_stock SELECT n, 100000000 FROM generate_series(1, 400) n ON CONFLICT DO NOTHING;
"""


def per_second(dsn: dict[str, object], seconds: float = 4.0) -> float:
    """Transactions per second."""
    with psycopg.connect(**dsn, autocommit=True) as connection:  # type: ignore[arg-type]  # keywords of libpq
        connection.execute(SETUP)
    stop, counts = time.perf_counter() + seconds, []

    def run(seed: int) -> None:
        count = 0
        with psycopg.connect(**dsn) as connection:  # type: ignore[arg-type]  # keywords of libpq
            while time.perf_counter() < stop:
                _place(connection, seed + count)
                count += 1
        counts.append(count)

    threads = [threading.Thread(target=run, args=(number * 50,)) for number in range(CLIENTS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - started)


def _place(connection: psycopg.Connection, number: int) -> None:
    order = uuid.uuid4()
    first, second = sorted((number % STOCKS + 1, (number * 7) % STOCKS + 1))
    with connection.transaction():
        for stock in (first, second):
            connection.execute(
                "UPDATE bare_stock SET left_over = left_over - 1 WHERE id = %s AND left_over >= 1", [stock]
            )
        connection.execute("INSERT INTO bare_order (id, total) VALUES (%s, 40)", [order])
        for name in ("one", "two"):
            connection.execute("INSERT INTO bare_line VALUES (%s, %s, %s, 1)", [uuid.uuid4(), order, name])
