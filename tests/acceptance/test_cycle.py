"""`letterflow demo --cycle`: a whole month of the group, played on both databases, keeps every invariant."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.postgres import Server
from webui.cli import letterflow

TURNS = ("退回", "迟交", "强制增项", "裁定", "督办", "升级", "不可抗力|台风", "第 2 版", "否决", "公布", "关闭归档")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'cycle.db'}"
    server: Server = request.getfixturevalue("postgres_server")
    return server.url(server.create())


@pytest.mark.timeout(900)
def test_a_month_of_the_group_is_played_and_every_invariant_holds(empty_database: str) -> None:
    played = CliRunner().invoke(letterflow, ["demo", "--cycle", "--database", empty_database])

    missing = [turn for turn in TURNS if not re.search(turn, played.output)]
    assert (played.exit_code, missing) == (0, []), played.output[-3000:]
    levels = re.findall(r"(BLUE|YELLOW|ORANGE|RED) 预警", played.output)
    assert levels == ["BLUE", "YELLOW", "ORANGE", "RED"]
