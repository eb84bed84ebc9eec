"""The command line: `letterflow …`; each file `*_cli.py` beside this one brings its commands."""

import importlib
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import structlog

from engine.kernel import config as configuration
from engine.kernel.config import Config
from engine.kernel.errors import LetterflowError
from webui import wiring

FOLDER = Path(__file__).parent
FAILED = 1


class Letterflow(click.Group):
    """Says errors of the engine as one sentence, without a traceback."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except LetterflowError as error:
            click.echo(f"{error.message}", err=True)
            context.exit(FAILED)


@click.group(cls=Letterflow, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", "path", type=click.Path(path_type=Path), help="Another configuration file than config.toml.")
@click.version_option(package_name="letterflow")
@click.pass_context
def letterflow(context: click.Context, path: Path | None) -> None:
    """A workflow engine with BPMN approval processes, and the life of target letters on it."""
    if context.resilient_parsing:
        return
    context.obj = LazyConfig(path)


class LazyConfig:
    """Reads the configuration when a command asks for it: checking a diagram needs none."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def load(self) -> Config:
        """Raises InvalidInput `config.invalid` with every mistake."""
        config = wiring.with_secret(configuration.load(self._path))
        set_up_log(config.log_level)
        return config


def set_up_log(level: str) -> None:
    """One line of JSON per event on standard error; readable lines when a person looks."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    logging.basicConfig(
        level=max(number, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )
    readable = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer() if readable else structlog.processors.format_exc_info,
            *([] if readable else [structlog.processors.JSONRenderer()]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _mount() -> None:
    for command in _commands():
        letterflow.add_command(command)


def _commands() -> Iterator[click.Command]:
    """Every click command that a `*_cli.py` module has at its top, except those inside a group of the same module."""
    for path in sorted(FOLDER.glob("*_cli.py")):
        module = importlib.import_module(f"webui.{path.stem}")
        found = [each for each in vars(module).values() if isinstance(each, click.Command)]
        inner = {id(child) for each in found if isinstance(each, click.Group) for child in each.commands.values()}
        yield from (each for each in found if id(each) not in inner)


_mount()


def main() -> None:
    """The entry of the command `letterflow`."""
    letterflow(prog_name="letterflow")
