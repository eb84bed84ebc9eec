"""`python -m engine.migrations "what changed"`: writes the next step, from the steps so far to the declared tables."""

import sys
import tempfile
from pathlib import Path

from engine import upgrade
from engine.kernel.database import open_database


def main(message: str) -> None:
    """Upgrade an empty database, compare it with the declared tables, write the difference down."""
    (upgrade.STEPS / "versions").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'steps.sqlite3'}")
        upgrade.upgrade(database)
        upgrade.write_step(database, message)
        database.dispose()


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or "change")
