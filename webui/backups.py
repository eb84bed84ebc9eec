"""Copies of the database: a consistent one while people work, kept in a folder, the oldest making room."""

import sqlite3
import subprocess
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import make_url

from engine.jobs.queue import address
from engine.kernel import audit, settings
from engine.kernel.clock import LOCAL, local
from engine.kernel.config import Backups, Config
from engine.kernel.errors import InvalidInput, LetterflowError, Unavailable
from engine.people import rights
from engine.people.roles import Role
from engine.workflow.engine import Engine

WRITE = "backups.write"
"""The job that writes one."""
RUNNING = "backup.running"
PREFIX = "letterflow-"
MEGABYTE = 1024 * 1024
STAMP = "%Y%m%d-%H%M%S"


@dataclass(frozen=True)
class Copy:
    """One file of the folder."""

    name: str
    size: int
    made_at: datetime | None

    @property
    def megabytes(self) -> Decimal:
        return Decimal(self.size * 10 // MEGABYTE) / 10


def ask(engine: Engine, actor: int) -> None:
    """Has a copy written soon. Raises NotAllowed."""
    with engine.start_work() as work:
        rights.require(work, actor, Role.ADMIN)
        settings.write(work, RUNNING, {"since": work.now.isoformat(), "error": ""})
        audit.append(work, "settings", "backup.asked", actor=actor)
        engine.jobs.enqueue(work, WRITE, {})
        work.commit()


def write_one(config: Config, engine: Engine) -> None:
    """The job: write a copy, let the oldest go, and say how it ended."""
    with engine.start_work(reading=True) as work:
        now = work.now
    error = ""
    try:
        folder = config.backups.folder
        folder.mkdir(parents=True, exist_ok=True)
        write(config.database.url, folder / f"{PREFIX}{local(now).strftime(STAMP)}{_ending(config.database.url)}")
        for old in made(config.backups)[config.backups.keep :]:
            (folder / old.name).unlink(missing_ok=True)
    except (LetterflowError, OSError, sqlite3.Error) as failed:
        error = str(failed)
    with engine.start_work() as work:
        settings.write(work, RUNNING, {"since": "", "error": error})
        work.commit()


def made(kept: Backups) -> list[Copy]:
    """The copies of the folder, the newest first."""
    folder = kept.folder
    files = [each for each in folder.glob(f"{PREFIX}*") if each.is_file()] if folder.is_dir() else []
    found = [Copy(each.name, each.stat().st_size, _moment(each.name)) for each in files]
    return sorted(found, key=lambda each: each.name, reverse=True)


def write(url: str, file: Path) -> None:
    """A consistent copy at a new place. Raises InvalidInput for one that exists, Unavailable without pg_dump."""
    if file.exists():
        raise InvalidInput("backup.exists", f"{file} exists: name a new file", file=str(file))
    _copy_sqlite(url, file) if url.startswith("sqlite") else _dump(url, file)


def _ending(url: str) -> str:
    return ".sqlite3" if url.startswith("sqlite") else ".dump"


def _moment(name: str) -> datetime | None:
    """When it was made, as its name says; None for a file that somebody named otherwise."""
    try:
        return datetime.strptime(name.removeprefix(PREFIX).partition(".")[0], STAMP).replace(tzinfo=LOCAL)
    except ValueError:
        return None


def _copy_sqlite(url: str, file: Path) -> None:
    source = sqlite3.connect(str(make_url(url).database))
    target = sqlite3.connect(file)
    try:
        source.backup(target)
    finally:
        target.close()
        source.close()


def _dump(url: str, file: Path) -> None:
    command = ["pg_dump", "--format=custom", f"--file={file}", address(url)]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  (no shell; our own words)
    except FileNotFoundError as error:
        raise Unavailable("backup.tool", "pg_dump is not on this machine: install PostgreSQL's client tools") from error
    except subprocess.CalledProcessError as error:
        raise Unavailable("backup.failed", f"pg_dump failed: {error.stderr.strip()}") from error
