"""A mistaken configuration stops the start and says everything that is wrong with it."""

from datetime import timedelta
from pathlib import Path

import pytest

from engine.kernel import config
from engine.kernel.config import Config, Server
from engine.kernel.errors import InvalidInput
from tests.paths import ROOT

GOOD_KEY = "k" * 48


def _file(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return path


def test_defaults_stand_where_nothing_is_written(tmp_path: Path) -> None:
    assert config.load(_file(tmp_path, ""), {}) == Config()


def test_the_file_that_comes_with_the_project_says_the_defaults() -> None:
    assert config.load(ROOT / "config.toml", {}) == Config()


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    path = _file(tmp_path, '[server]\nport = 9000\nsecure = true\n[jobs]\ntick = "PT2S"\n')
    environment = {"LETTERFLOW_SERVER__PORT": "9001", "LETTERFLOW_SERVER__SECURE": "false", "LETTERFLOW_DEMO": "1"}

    read = config.load(path, environment)

    assert (read.server.port, read.server.secure, read.demo, read.jobs.tick) == (
        9001,
        False,
        True,
        timedelta(seconds=2),
    )


@pytest.mark.parametrize(("text", "length"), [("5 minutes", 300), ("30 s", 30), ("1 hour", 3600), ("PT90S", 90)])
def test_lengths_of_time_are_written_as_people_do(tmp_path: Path, text: str, length: int) -> None:
    read = config.load(_file(tmp_path, f'[jobs]\nrescue = "{text}"\n'), {})

    assert read.jobs.rescue == timedelta(seconds=length)


def test_every_mistake_is_named_at_once_with_the_nearest_known_key(tmp_path: Path) -> None:
    path = _file(tmp_path, 'databse = 1\n[server]\nprot = 1\nport = "x"\nsecure = 3\n[jobs]\ntick = "soon"\n[files]\n')

    with pytest.raises(InvalidInput) as refused:
        config.load(path, {"LETTERFLOW_FILES__FOLDR": "x"})

    said = "\n".join(refused.value.fields["mistakes"])
    assert "databse: unknown key, did you mean database?" in said
    assert "server.prot: unknown key, did you mean server.port?" in said
    assert "server.port: 'x' is no whole number" in said
    assert "server.secure: 3 is no true or false" in said
    assert "jobs.tick: 'soon' is no length of time" in said
    assert "files.foldr: unknown key, did you mean files.folder?" in said


def test_a_file_that_is_named_and_missing_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no such file"):
        config.load(tmp_path / "other.toml", {})


@pytest.mark.parametrize("key", ["", "change-me", "short", "k" * 31])
def test_a_missing_or_default_secret_key_is_refused(key: str) -> None:
    with pytest.raises(InvalidInput, match="token_urlsafe") as refused:
        config.require_secret(Config(server=Server(secret_key=key)))

    assert refused.value.code == "config.secret_key"


def test_a_long_secret_key_is_taken() -> None:
    assert config.require_secret(Config(server=Server(secret_key=GOOD_KEY))) is None
