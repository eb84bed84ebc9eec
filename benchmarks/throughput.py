"""Instances a second of the draft-and-review loop through the use-cases; `python -m benchmarks.throughput --n 100`."""

import argparse
import gc
import json
import resource
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.company import PROCESS, Company, company
from engine.approvals import decisions
from engine.approvals.decisions import Decision
from engine.workflow import instances

PAYLOAD = 200
"""Bytes of text in each draft, as in the floor."""


def play(place: Company, number: int, *, rejects: int = 1) -> tuple[list[float], list[float]]:
    """One instance, drafted and reviewed until it is approved; seconds of starting and of each completion."""
    at = time.perf_counter()
    instances.start_one(place.engine, PROCESS, title=f"Request {number}", starter=place.starter)
    created = [time.perf_counter() - at]
    completed = []
    for attempt in range(rejects + 1):
        draft = {"title": f"Request {number}", "amount": 1200 + attempt, "body": "x" * PAYLOAD}
        review = {"approved": attempt == rejects, "comment": "c"}
        for values in (draft, review):
            at = time.perf_counter()
            decisions.decide(place.engine, place.asked.task, place.approver, Decision("DONE", values=values))
            completed.append(time.perf_counter() - at)
    return created, completed


def milliseconds(samples: Sequence[float], quantile: float) -> float:
    return round(sorted(samples)[int(quantile * (len(samples) - 1))] * 1e3, 2)


def measure(url: str, count: int) -> dict[str, object]:
    """Play `count` instances one after another; the same figures as the floor gives."""
    with company(url) as place:
        play(place, 0)
        gc.freeze()  # as `serve` does once it has started
        created, completed = [], []
        begin = time.perf_counter()
        for number in range(count):
            more_created, more_completed = play(place, number)
            created += more_created
            completed += more_completed
        wall = time.perf_counter() - begin
    return {
        "what": "Letterflow",
        "instances_per_s": round(count / wall, 1),
        "create_p50_ms": round(statistics.median(created) * 1e3, 2),
        "complete_p50_ms": milliseconds(completed, 0.5),
        "complete_p95_ms": milliseconds(completed, 0.95),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--n", type=int, default=100)
    options.add_argument("--url", default="")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = chosen.url or f"sqlite:///{Path(folder) / 'speed.sqlite3'}"
        print(json.dumps(measure(url, chosen.n)))


if __name__ == "__main__":
    main()
