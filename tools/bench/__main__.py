"""Runs the measurements in one go and prints a table; `--write` keeps it in docs/benchmarks.md."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import threading
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from tools.bench import live, transaction
from tools.bench.load import Connection, Load, closed_loop, get, gets, median, post
from tools.bench.servers import ROOT, command, family, granian, megabytes
from tools.bench.world import SLUG, World, prepare

BASE = f"/api/v1/stores/s/{SLUG}/"
TICKET = f"ticket on {live.SCREENS} screens, {live.RATE:.0f} orders/s"
OUT = ROOT / "docs" / "benchmarks.md"


@dataclass(slots=True)
class Figures:
    """What one set of servers did."""

    name: str
    rows: dict[str, Any] = field(default_factory=dict)


def orders(world: World) -> Any:
    """W3: two lines into a fresh cart, then checkout in cash; the last call is timed."""
    lock, counter = threading.Lock(), [0]

    def place(connection: Connection) -> None:
        with lock:
            counter[0] += 1
            number = counter[0]
        key = f"cart_{uuid.uuid4()}"
        for offset in (0, 1):
            body = json.dumps({"product_id": world.products[(number * 2 + offset) % len(world.products)]}).encode()
            connection.request(post(BASE + "cart/add/", body, X_Cart_Key=key))
        wish = {
            "customer_name": "Ana", "customer_phone": f"6399{number % 10_000_000:07d}", "delivery_method": "pickup",
            "payment_method": "cash",
        }  # fmt: skip
        headers = {"X_Cart_Key": key, "Idempotency_Key": key}
        connection.request(post(BASE + "checkout/", json.dumps(wish).encode(), **headers), expect=(201,), timed=True)

    return place


def measure(name: str, port: int, socket_port: int, world: World, pids: set[int], seconds: float) -> Figures:
    """W1–W4 and the kitchen against one set of servers."""
    authorization = {"Authorization": f"Token {world.token}"}
    etag = _etag(port)
    place = orders(world)
    closed_loop(port, place, clients=2, seconds=2.0)  # warm: kitchen set up, routes and menu known
    half = closed_loop(port, place, clients=8, seconds=seconds)
    slow = closed_loop(port, place, clients=8, seconds=seconds, pause=8 / max(half.per_second / 2, 1))
    figures = Figures(name=name)
    figures.rows = {
        "W1 catalog": median(lambda: gets(port, BASE + "catalog/", seconds)),
        "W1 catalog, 304": median(lambda: gets(port, BASE + "catalog/", seconds, {"If_None_Match": etag})),
        "W2 product": median(lambda: gets(port, BASE + "products/p-000/", seconds)),
        "W3 orders, 8 clients": half,
        "W3 orders, half rate": slow,
        "W4 staff list of 50": median(lambda: gets(port, BASE + "orders/?page_size=50", seconds, authorization)),
    }
    seen = live.measure(port, socket_port, world)
    figures.rows[TICKET] = Load(
        per_second=len(seen.waits) / max(len(seen.sent) * live.SCREENS, 1), latencies=seen.waits
    )
    figures.rows["MB"] = megabytes(set().union(*(family(pid) for pid in pids)))
    return figures


def _etag(port: int) -> str:
    import urllib.request

    with urllib.request.urlopen(f"http://127.0.0.1:{port}{BASE}catalog/", timeout=10) as answer:  # loopback only
        return str(answer.headers["ETag"])


def run(seconds: float) -> str:
    """Everything, as a Markdown table."""
    world = prepare()
    from django.db import connection

    home = ROOT / os.environ["LOCAL_DIR"]
    bodies = home / "bodies"
    bodies.mkdir(exist_ok=True)
    worker = (sys.executable, "-m", "celery", "-A", "config.celery", "worker", "-B", "-P", "threads", "-c", "2", "-l", "ERROR",
              "-s", str(home / "beat-schedule"))  # fmt: skip
    settings = connection.settings_dict
    dsn = {"host": settings["HOST"], "user": settings["USER"], "dbname": settings["NAME"]}
    bare_transactions = transaction.per_second(dsn, seconds)
    with command(*worker) as worker_pid:
        with (
            granian("config.wsgi:application", "wsgi", 2) as (port, web),
            granian("config.asgi:application", "asginl", 1, ready="") as (ws, sock),
        ):
            for name, path in (("catalog", "catalog/"), ("product", "products/p-000/")):
                (bodies / f"{name}.json").write_bytes(Connection(port).request(get(BASE + path)))
            production = measure("production processes", port, ws, world, {web, sock, worker_pid}, seconds)
        with granian("config.oneport:application", "asginl", 2) as (port, web):
            oneport = measure("one port", port, port, world, {web, worker_pid}, seconds)
    with granian("tools.bench.bare:application", "wsgi", 2, ready="/bare/product/", BENCH_BODIES=str(bodies)) as (
        port,
        _pid,
    ):
        bare = {name: median(partial(gets, port, f"/bare/{name}/", seconds)) for name in ("catalog", "product")}
    sizes = {name: (bodies / f"{name}.json").stat().st_size for name in bare}
    return table(production, oneport, bare, bare_transactions, sizes)


def table(
    production: Figures, oneport: Figures, bare: dict[str, Load], transactions: float, sizes: dict[str, int]
) -> str:
    """The figures with their ratios."""
    lines = [
        "| work | production /s | one port /s | one port ÷ production | production ÷ bare | p95 ms (production, one port) |",
        "|---|---|---|---|---|---|",
    ]
    for name, load in production.rows.items():
        if isinstance(load, Load):
            lines.append(_row(name, load, oneport.rows[name], bare, transactions))
    lines += [
        f"| bare view, the {name}'s {sizes[name] / 1024:.0f} KB | {load.per_second:.0f} | | | 1 | |"
        for name, load in bare.items()
    ]
    lines += [
        f"| bare transaction | {transactions:.0f} | | | 1 | |",
        f"| memory of web, live, worker and beat, MB | {production.rows['MB']:.0f} | {oneport.rows['MB']:.0f} | | | |",
    ]
    return "\n".join(lines)


def _row(name: str, load: Load, other: Load, bare: dict[str, Load], transactions: float) -> str:
    if name == TICKET:
        tail = f"{load.percentile(0.95):.0f}, {other.percentile(0.95):.0f}"
        return f"| {name} (share seen) | {load.per_second:.3f} | {other.per_second:.3f} | | | {tail} |"
    floor = (
        transactions if name.startswith("W3") else bare["catalog" if name.startswith("W1") else "product"].per_second
    )
    tail = f"{load.percentile(0.95):.1f}, {other.percentile(0.95):.1f}" if name.startswith("W3") else ""
    ratio = "" if "half" in name else f"{other.per_second / load.per_second:.2f}"
    share = "" if "half" in name else f"{load.per_second / floor:.2f}"
    return f"| {name} | {load.per_second:.0f} | {other.per_second:.0f} | {ratio} | {share} | {tail} |"


def main() -> None:
    """Parse, run, print, keep."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench")
    parser.add_argument("--seconds", type=float, default=4.0, help="length of each run")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/benchmarks.md")
    options = parser.parse_args()
    found = run(options.seconds)
    print(found)
    if options.write:
        text = (ROOT / "tools" / "bench" / "page.md").read_text()
        when = datetime.now(UTC).strftime("%Y-%m-%d")
        machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
        OUT.write_text(text.replace("{{when}}", when).replace("{{machine}}", machine).replace("{{table}}", found))


if __name__ == "__main__":
    main()
