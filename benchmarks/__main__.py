"""`python -m benchmarks [name …]`: every measurement beside its limit; exit 1 when one is missed."""

import json
import sys
from collections.abc import Callable
from typing import Any

from benchmarks import api, feel, growth, memory, pages, scale, speed, step

Check = Callable[[dict[str, Any]], bool]

STEPS = 200

MEASURES: dict[str, tuple[str, Callable[[], dict[str, Any]], Check]] = {
    "sqlite": ("at least 1.3 × the floor", speed.beside_the_floor, lambda found: found["ratio"] >= 1.3),
    "postgresql": ("reported beside pgbench", speed.on_postgresql, lambda _: True),
    "rounds": ("the last at most 1.5 × the tenth", growth.rounds, lambda found: found["ratio"] <= 1.5),
    "inbox": (
        "at most 50 ms and flat",
        growth.inbox_page,
        lambda found: found[f"ms_at_{growth.MANY}"] <= 50 and found["ratio"] <= 2.0,
    ),
    "tick": ("at most 5 ms", growth.idle_tick, lambda found: found[f"ms_at_{growth.MANY}"] <= 5),
    "step": (
        "at most 1.0 ms, and less than the library's own way",
        lambda: dict(step.compare(24, STEPS)),
        lambda found: found["ours_ms"] <= 1.0 and found["ratio"] <= 1.0,
    ),
    "deployment": (
        "64 nodes in at most 150 ms",
        lambda: {"ms": step.deployment()},
        lambda found: found["ms"] <= 150,
    ),
    "scale": ("nothing more than 20 % slower", scale.on_sqlite, lambda found: found["worst"] <= 1.2),
    "scale_postgresql": ("nothing more than 20 % slower", scale.on_postgresql, lambda found: found["worst"] <= 1.2),
    "feel": (
        "at most 5 µs and 3 × plain eval",
        feel.measured,
        lambda found: found["worst_us"] <= 5 and found["worst_ratio"] <= 3,
    ),
    "api_tasks": ("at most 16 statements, flat", api.tasks, lambda f: f["statements"] <= 16 and f["ratio"] <= 2.0),
    "api_work": ("reported", api.work, lambda _: True),
    "pages": pages.CHECK,
    "memory": ("reported", memory.of_server, lambda _: True),
}


def main(names: list[str]) -> int:
    """Measure what is named, or everything; print each as it comes."""
    missed = 0
    for name in names or MEASURES:
        limit, measure, holds = MEASURES[name]
        found = measure()
        good = holds(found)
        missed += not good
        print(f"{'ok  ' if good else 'MISS'} {name} ({limit}): {json.dumps(found)}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
