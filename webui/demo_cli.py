"""`letterflow demo`: a seeded group company; `--cycle` plays one whole month of it with simulated time."""

import logging
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import structlog

from engine.kernel.config import Config
from webui import serve_cli, wiring
from webui.demo import cycle, seeding
from webui.demo.habits import PASSWORD


@click.command()
@click.option("--cycle", "play_cycle", is_flag=True, help="Play a whole month in a database of its own, then check it.")
@click.option("--lang", "language", type=click.Choice(["zh", "en"]), default="zh", help="Language of the account.")
@click.option("--database", help="With --cycle: play in this empty database and leave it there.")
@click.option("--serve", "then_serve", is_flag=True, help="Serve the seeded group afterwards.")
@click.pass_obj
def demo(settings: Any, play_cycle: bool, language: str, database: str | None, then_serve: bool) -> None:
    """Seed the group 星河集团 with its letters, or play a month of it; exit 1 when an invariant breaks."""
    config = settings.load()
    # the account is what one wants to read: the clock's own lines stay away
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    if not play_cycle:
        _seed(wiring.with_secret(replace(config, demo=True)), language, then_serve)
        return
    with tempfile.TemporaryDirectory(prefix="letterflow-cycle-") as folder:
        if not cycle.play(_apart(config, Path(folder), database), click.echo, language):
            raise SystemExit(1)


def _seed(config: Config, language: str, then_serve: bool) -> None:
    if seeding.seed(config, click.echo, language):
        click.echo("")
    if then_serve:
        serve_cli.run(config, ready=lambda: _say(config))
    else:
        _say(config)


def _say(config: Config) -> None:
    """Where it is, who one may be, how to stop."""
    click.echo(f"http://{config.server.host}:{config.server.port}")
    for each in seeding.accounts(wiring.build(config)):
        click.echo(f"  {each.account:<10} {PASSWORD}  {each.name}  {each.role}")
    click.echo("Ctrl-C 停止 / stops")


def _apart(config: Config, folder: Path, database: str | None) -> Config:
    """The configuration with a database and a folder of files of the month's own."""
    url = database or f"sqlite:///{folder / 'cycle.db'}"
    return replace(
        config,
        demo=False,
        database=replace(config.database, url=url),
        files=replace(config.files, folder=folder / "files"),
    )
