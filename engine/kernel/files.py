"""Uploads, kept once per content: size, extension and first bytes are checked, names on disk are random."""

import hashlib
import os
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePath
from typing import Any

from sqlalchemy import Column, Index, Integer, Row, String, Table, bindparam, select

from engine.kernel.database import Base, Key, Moment
from engine.kernel.errors import InvalidInput, NotFound, Unavailable
from engine.kernel.ids import random_id
from engine.kernel.work import StartWork, Work

file = Table(
    "file",
    Base.metadata,
    Column("id", String(22), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("media_type", String(120), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("place", String(22), nullable=False),
    Column("uploaded_by", Key),
    Column("uploaded_at", Moment, nullable=False),
    Index("ix_file_sha256", "sha256"),
)

OFFICE = "application/vnd.openxmlformats-officedocument."

KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".gif": ("image/gif", (b"GIF87a", b"GIF89a")),
    ".xlsx": (f"{OFFICE}spreadsheetml.sheet", (b"PK\x03\x04",)),
    ".docx": (f"{OFFICE}wordprocessingml.document", (b"PK\x03\x04",)),
    ".pptx": (f"{OFFICE}presentationml.presentation", (b"PK\x03\x04",)),
    ".zip": ("application/zip", (b"PK\x03\x04", b"PK\x05\x06")),
    ".txt": ("text/plain", ()),
    ".csv": ("text/csv", ()),
}
"""What may be uploaded: extension, media type, and how such a file begins (no bytes: it must be UTF-8 text)."""

_INSIDE = {".xlsx": "xl/", ".docx": "word/", ".pptx": "ppt/"}


@dataclass(frozen=True)
class FileView:
    """An upload that was kept; `id` is what others refer to."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Upload:
    """A file that was just taken, with its content."""

    id: str
    name: str
    content: bytes


@dataclass(frozen=True)
class Files:
    """Uploads below one folder; `max_bytes` is the largest that is taken."""

    folder: Path
    max_bytes: int = 20 * 1024 * 1024

    def keep(self, work: Work, name: str, content: bytes, *, actor: int | None) -> FileView:
        """Check an upload and keep it; the same content is stored once, however often it comes.

        Raises InvalidInput `file.name`, `file.size`, `file.kind`, `file.content`; Unavailable when the disk is full.
        """
        title = PurePath(name.replace("\\", "/")).name.strip()[-200:]
        media_type = self._check(title, content)
        digest = hashlib.sha256(content).hexdigest()
        kept = work.connection.execute(select(file.c.place).where(file.c.sha256 == digest).limit(1)).scalar()
        place = kept if kept and self._path(kept).exists() else self._write(content)
        view = FileView(random_id(), title, media_type, len(content), digest)
        kept_at = {"place": place, "uploaded_by": actor, "uploaded_at": work.now}
        work.connection.execute(file.insert(), {**vars(view), **kept_at})
        return view

    def view(self, work: Work, file_id: str) -> FileView:
        """Raises NotFound `file.unknown`."""
        row = self._row(work, file_id)
        return FileView(row.id, row.name, row.media_type, row.size, row.sha256)

    def views(self, work: Work, file_ids: Iterable[str]) -> dict[str, FileView]:
        """Several at once, by id; unknown ones are missing."""
        wanted = sorted(set(file_ids))
        if not wanted:
            return {}
        columns = (file.c.id, file.c.name, file.c.media_type, file.c.size, file.c.sha256)
        return {
            row.id: FileView(*row) for row in work.connection.execute(select(*columns).where(file.c.id.in_(wanted)))
        }

    def mine(self, work: Work, wanted: Sequence[str], *, actor: int) -> list[FileView]:
        """Uploads that this person kept, in the order asked for. Raises NotFound `file.unknown` for those of others."""
        rows = [self._row(work, each) for each in wanted]
        strange = next((row.id for row in rows if row.uploaded_by != actor), None)
        if strange is not None:
            raise NotFound("file.unknown", f"there is no file '{strange}'", file=strange)
        return [FileView(row.id, row.name, row.media_type, row.size, row.sha256) for row in rows]

    def read(self, work: Work, file_id: str) -> bytes:
        """The content, compared with its hash. Raises NotFound `file.unknown`, Unavailable `file.damaged`."""
        row = self._row(work, file_id)
        try:
            content = self._path(row.place).read_bytes()
        except FileNotFoundError as error:
            raise Unavailable(
                "file.damaged", f"the content of '{row.name}' is gone: restore a backup", name=row.name
            ) from error
        if hashlib.sha256(content).hexdigest() != row.sha256:
            raise Unavailable("file.damaged", f"'{row.name}' was changed on disk: restore a backup", name=row.name)
        return content

    def _row(self, work: Work, file_id: str) -> Row[Any]:
        row = work.connection.execute(_ROW, {"of": file_id}).first()
        if row is None:
            raise NotFound("file.unknown", f"there is no file '{file_id}'", file=file_id)
        return row

    def _check(self, name: str, content: bytes) -> str:
        extension = PurePath(name).suffix.lower()
        if not name or name.startswith(".") or any(ord(letter) < 32 for letter in name):
            raise InvalidInput("file.name", "the file has no usable name: rename it and try again", name=name)
        if len(content) > self.max_bytes or not content:
            raise InvalidInput(
                "file.size",
                f"'{name}' has {len(content)} bytes; from 1 to {self.max_bytes} are taken",
                name=name,
                size=len(content),
                limit=self.max_bytes,
            )
        if extension not in KINDS:
            allowed = " ".join(KINDS)
            raise InvalidInput(
                "file.kind", f"'{name}' is of no kind that is taken: {allowed}", name=name, allowed=allowed
            )
        media_type, beginnings = KINDS[extension]
        if not _looks_like(extension, beginnings, content):
            raise InvalidInput(
                "file.content", f"'{name}' is not what its ending says: save it again as {extension}", name=name
            )
        return media_type

    def _write(self, content: bytes) -> str:
        place = random_id()
        path = self._path(place)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as target:
                target.write(content)
                target.flush()
                os.fsync(target.fileno())
        except OSError as error:
            with suppress(OSError):
                path.unlink(missing_ok=True)
            raise Unavailable("store.full", "the file could not be written: free some space and try again") from error
        return place

    def _path(self, place: str) -> Path:
        return self.folder / place[:2] / place


def upload(start_work: StartWork, files: Files, name: str, content: bytes, *, actor: int | None) -> Upload:
    """Take one upload and keep it. Raises as `Files.keep`."""
    with start_work() as work:
        view = files.keep(work, name, content, actor=actor)
        work.commit()
    return Upload(view.id, view.name, content)


_ROW = select(file).where(file.c.id == bindparam("of"))


def _looks_like(extension: str, beginnings: tuple[bytes, ...], content: bytes) -> bool:
    if not beginnings:
        return _is_text(content)
    if not content.startswith(beginnings):
        return False
    return extension not in _INSIDE or _holds(content, _INSIDE[extension])


def _is_text(content: bytes) -> bool:
    try:
        return "\x00" not in content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False


def _holds(content: bytes, folder: str) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return any(name.startswith(folder) for name in archive.namelist())
    except zipfile.BadZipFile:
        return False
