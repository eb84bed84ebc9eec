"""Random expressions that parse, at full speed: no exception other than FEEL's own, none over one second.

Run: `python -m tests.fuzz.feel_random SEED SECONDS`; tells findings, then counts and the slowest texts.
Exit code 1 with findings.
"""

import random
import sys
import time
import traceback
from collections import Counter

from tests.fuzz import grammar, target

LIMIT_SECONDS = 1.0


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(seed: int, seconds: float) -> int:
    """The number of findings."""
    outcomes: Counter[str] = Counter()
    slowest: list[tuple[float, str]] = []
    findings = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        number = outcomes.total()
        choices = random.Random(seed * 10_000_000 + number)
        unary = choices.random() < 0.2
        text = (grammar.tests if unary else grammar.expression)(choices.randrange)
        try:
            outcome, spent = target.run(text, unary=unary)
        except Exception:  # noqa: BLE001 - every exception is a finding here
            outcome, spent = "CRASH", 0.0
            say(f"CRASH {number}: {text!r}\n{traceback.format_exc(limit=-4)}")
        outcomes[outcome] += 1
        findings += outcome == "CRASH" or spent > LIMIT_SECONDS
        slowest = sorted([*slowest, (round(spent, 3), text[:300])], reverse=True)[:5]
    say(f"seed {seed}: {outcomes.total()} texts, {findings} findings {dict(outcomes.most_common())}")
    say("\n".join(map(str, slowest)))
    return findings


if __name__ == "__main__":
    sys.exit(min(main(int(sys.argv[1]), float(sys.argv[2])), 1))
