"""The demo's clock bar: what time it is there, moving it, and who one is; absent outside the demo."""

from flask import Flask

from engine.workflow.engine import Engine


def install(app: Flask, engine: Engine, *, demo: bool) -> None:
    """Show the bar on every page of a demo."""
    if not demo:
        return
