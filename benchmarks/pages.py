"""Whole pages at a hundred thousand open tasks: bytes and requests, statements and the server's time."""

import gzip
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient

from benchmarks.group import Group, seeded
from tests.builders import counting
from webui.assets import DIST

OPEN_TASKS = 100_000
SAMPLES = 20
LOADED = re.compile(r'(?:src|href)="(/assets/[^"#]+|/static/[^"#]+)')
LISTS_MS, OTHERS_MS = 50.0, 100.0


def measured() -> dict[str, Any]:
    """Each page: kB on the wire of a warm and a cold visit, requests, statements, median and p95 in ms."""
    with seeded(OPEN_TASKS) as group:
        return {f"{account} {name}": _page(group, account, path) for account, name, path in _pages(group)}


def holds(found: dict[str, Any]) -> bool:
    """Whether every page keeps its limit: lists 50 ms, others and palette 100 ms; inbox 80 kB cold, 15 kB warm."""
    slow = [name for name, page in found.items() if page["p95_ms"] > _limit(name)]
    inbox = found["zhouwenbo inbox"]
    return not slow and inbox["cold_kb"] <= 80 and inbox["warm_kb"] <= 15


def table(found: dict[str, Any]) -> str:
    """The figures as rows of a Markdown table."""
    head = "| page | HTML kB | cold kB | requests | statements | median ms | p95 ms |\n|---|---|---|---|---|---|---|\n"
    keys = ("warm_kb", "cold_kb", "requests", "statements", "median_ms", "p95_ms")
    return head + "".join(
        f"| {name} | " + " | ".join(str(page[key]) for key in keys) + " |\n" for name, page in found.items()
    )


def _limit(name: str) -> float:
    return LISTS_MS if name.endswith(("inbox", "letters")) else OTHERS_MS


def _pages(group: Group) -> list[tuple[str, str, str]]:
    leader = group.task_of("zhouwenbo")
    return [
        ("zhouwenbo", "home", "/"),
        ("zhouwenbo", "inbox", "/inbox"),
        ("zhouwenbo", "task", f"/inbox/tasks/{leader}"),
        ("zhouwenbo", "letters", "/letters"),
        ("zhouwenbo", "letter", "/letters/19"),
        ("zhouwenbo", "scoring sheet", "/letters/16/score"),
        ("zhouwenbo", "status", "/status"),
        ("zhouwenbo", "warnings", "/warnings"),
        ("zhouwenbo", "numbers", "/live"),
        ("zhouwenbo", "palette 城东", "/palette?q=城东"),
        ("zhouwenbo", "palette cdxmb", "/palette?q=cdxmb"),
        ("lijianguo", "progress", "/letters/progress"),
        ("liangzhihua", "instances", "/processes/instances"),
        ("liangzhihua", "users", "/admin/users"),
        ("guyan", "audit", "/admin/audit"),
    ]


def _page(group: Group, account: str, path: str) -> dict[str, Any]:
    client = group.client(account)
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    loaded = sorted(set(LOADED.findall(answer.text)))
    with counting.statements() as counted:
        client.get(path)
    html = len(answer.data)  # waitress compresses nothing
    samples = _times(client, path)
    return {
        "warm_kb": round(html / 1000, 1),
        "cold_kb": round((html + sum(map(_compressed, loaded))) / 1000, 1),
        "requests": 1 + len(loaded),
        "statements": len(counted.texts),
        "median_ms": round(statistics.median(samples), 1),
        "p95_ms": round(sorted(samples)[int(len(samples) * 0.95) - 1], 1),
    }


def _times(client: FlaskClient, path: str) -> list[float]:
    found = []
    for _ in range(SAMPLES):
        at = time.perf_counter()
        client.get(path)
        found.append((time.perf_counter() - at) * 1000)
    return found


def _compressed(address: str) -> int:
    """What a browser takes over the wire: brotli where it lies beside the file."""
    name = Path(urlsplit(address).path).name
    packed = DIST / f"{name}.br"
    if packed.exists():
        return packed.stat().st_size
    plain = DIST / name if (DIST / name).exists() else DIST.parent / name
    return len(gzip.compress(plain.read_bytes(), 6))


CHECK: tuple[str, Callable[[], dict[str, Any]], Callable[[dict[str, Any]], bool]] = (
    "lists p95 50 ms, others 100 ms; inbox 80 kB cold, 15 kB warm",
    measured,
    holds,
)
