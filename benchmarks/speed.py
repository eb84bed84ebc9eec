"""Speed beside its floors: bare SpiffWorkflow on sqlite3 in the same run, pgbench on the same PostgreSQL."""

import json
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.company import SHARED
from tests import postgres

ROUNDS = 5
INSTANCES = 60


def beside_the_floor() -> dict[str, Any]:
    """Engine and floor in turn, `ROUNDS` times each, both with SQLite's synchronous=FULL; medians and their ratio."""
    ours, floor = [], []
    for _ in range(ROUNDS):
        floor.append(_run(str(SHARED / "floor.py"), "--n", str(INSTANCES)))
        ours.append(_run("-m", "benchmarks.throughput", "--n", str(INSTANCES)))
    rates = [_median(runs, "instances_per_s") for runs in (ours, floor)]
    pairs = [mine["instances_per_s"] / other["instances_per_s"] for mine, other in zip(ours, floor, strict=True)]
    return {
        "instances_per_s": rates[0],
        "floor_instances_per_s": rates[1],
        "ratio": round(rates[0] / rates[1], 2),
        "ratio_of_each_round": [round(pair, 2) for pair in pairs],
        "complete_p50_ms": _median(ours, "complete_p50_ms"),
        "complete_p95_ms": _median(ours, "complete_p95_ms"),
        "floor_complete_p50_ms": _median(floor, "complete_p50_ms"),
        "peak_rss_mb": _median(ours, "peak_rss_mb"),
    }


def on_postgresql() -> dict[str, Any]:
    """The same loop on a durable PostgreSQL, beside pgbench's own transactions on it; one client each."""
    with tempfile.TemporaryDirectory(prefix="letterflow-bench-") as folder, postgres.server(durable=True) as server:
        binaries = _binaries(Path(folder))
        name = server.create()
        transactions = _pgbench(binaries, server.url(name))
        runs = []
        for _ in range(3):
            fresh = server.create()
            runs.append(_run("-m", "benchmarks.throughput", "--n", str(INSTANCES), "--url", server.url(fresh)))
        steps = _median(runs, "instances_per_s") * 5
    return {
        "instances_per_s": _median(runs, "instances_per_s"),
        "transactions_per_s": round(steps, 1),
        "pgbench_transactions_per_s": transactions,
        "ratio_to_pgbench": round(steps / transactions, 2),
        "complete_p50_ms": _median(runs, "complete_p50_ms"),
    }


def _run(*arguments: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _median(runs: list[dict[str, Any]], name: str) -> float:
    return round(statistics.median(run[name] for run in runs), 2)


def _binaries(folder: Path) -> Path:
    found: Path = postgres._binaries(folder, copy=False)
    return found


def _pgbench(binaries: Path, url: str) -> float:
    """Transactions a second of pgbench's standard script (one update of three tables, one insert)."""
    place = re.match(r"postgresql\+psycopg://(?P<user>\w+)@/(?P<name>\w+)\?host=(?P<host>.+)", url)
    if place is None:
        raise ValueError(f"{url}: give the benchmark a server of its own")
    where = ["-h", place["host"], "-U", place["user"], place["name"]]
    program = str(binaries / "pgbench")
    subprocess.run([program, "-i", "-q", "-s", "1", *where], check=True, capture_output=True)
    done = subprocess.run([program, "-T", "5", "-c", "1", *where], check=True, capture_output=True, text=True)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    return round(float(found[1]), 1) if found else 0.0
