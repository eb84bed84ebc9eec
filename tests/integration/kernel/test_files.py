"""An upload is taken when it is what it says, kept once, and found to be damaged when it is."""

import io
import zipfile
from pathlib import Path

import pytest

from engine.kernel.errors import InvalidInput, NotFound, Unavailable
from engine.kernel.files import Files
from engine.kernel.work import Store

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files", max_bytes=2000)


def _keep(store: Store, files: Files, name: str, content: bytes) -> str:
    with store.start_work() as work:
        view = files.keep(work, name, content, actor=1)
        work.commit()
    return view.id


def _zip(inside: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(inside, "x")
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("章.png", PNG),
        ("a.PDF", b"%PDF-1.7"),
        ("b.xlsx", _zip("xl/workbook.xml")),
        ("c.csv", "甲,1".encode()),
        ("d.txt", b"x"),
    ],
)
def test_what_is_what_it_says_comes_back_as_it_was(store: Store, files: Files, name: str, content: bytes) -> None:
    kept = _keep(store, files, f"C:\\Users\\{name}", content)

    with store.start_work(reading=True) as work:
        assert (files.view(work, kept).name, files.read(work, kept)) == (name, content)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.exe", b"MZ", "file.kind"),
        ("a.png", b"GIF89a", "file.content"),
        ("a.xlsx", _zip("word/document.xml"), "file.content"),
        ("a.xlsx", b"PK\x03\x04 not a zip", "file.content"),
        ("a.txt", b"\x00\x01", "file.content"),
        ("a.png", b"", "file.size"),
        ("a.txt", b"x" * 2001, "file.size"),
        ("/", b"x", "file.name"),
        (".txt", b"x", "file.name"),
        ("a\n.txt", b"x", "file.name"),
    ],
)
def test_what_is_not_is_refused_and_nothing_is_kept(
    store: Store, files: Files, name: str, content: bytes, code: str
) -> None:
    with store.start_work() as work, pytest.raises(InvalidInput) as refused:
        files.keep(work, name, content, actor=1)

    assert refused.value.code == code
    assert not files.folder.exists()


def test_the_same_content_is_stored_once(store: Store, files: Files) -> None:
    ids = {_keep(store, files, name, PNG) for name in ("a.png", "b.png")}

    assert (len(ids), len([path for path in files.folder.rglob("*") if path.is_file()])) == (2, 1)


def test_names_on_disk_say_nothing(store: Store, files: Files) -> None:
    kept = _keep(store, files, "秘密.png", PNG)

    (path,) = (path for path in files.folder.rglob("*") if path.is_file())
    assert (path.suffix, path.name == kept) == ("", False)


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b"other"), lambda path: path.unlink()])
def test_content_that_was_changed_on_disk_is_not_given_out(store: Store, files: Files, damage) -> None:  # type: ignore[no-untyped-def]  # a lambda
    kept = _keep(store, files, "a.png", PNG)
    damage(next(path for path in files.folder.rglob("*") if path.is_file()))

    with store.start_work(reading=True) as work, pytest.raises(Unavailable) as refused:
        files.read(work, kept)

    assert refused.value.code == "file.damaged"


def test_an_unknown_file_is_not_found(store: Store, files: Files) -> None:
    with store.start_work(reading=True) as work, pytest.raises(NotFound):
        files.read(work, "unknown")


def test_a_folder_that_cannot_be_written_is_said(store: Store, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")

    with store.start_work() as work, pytest.raises(Unavailable) as refused:
        Files(tmp_path / "taken").keep(work, "a.png", PNG, actor=1)

    assert refused.value.code == "store.full"
