"""A request that is sent again under its key: it takes effect once and is answered the same way."""

from collections.abc import Callable
from dataclasses import replace

from flask import Flask, Response, current_app

from engine.kernel import kept_answers
from engine.kernel.kept_answers import LONGEST_KEY, Answer, Asked, Turns
from engine.kernel.whole import whole
from engine.workflow.engine import Engine

__all__ = ["LONGEST_KEY", "Asked", "install", "once"]

TURNS = "letterflow.turns"
REPLAYED = "Idempotency-Replayed"


def install(app: Flask) -> None:
    """Let this application know which keys it is working on."""
    app.extensions[TURNS] = Turns()


def once(engine: Engine, asked: Asked | None, act: Callable[[Engine], Response]) -> Response:
    """Do `act` and keep its answer in the same transaction; asked again, give that answer and do nothing.

    What is refused leaves nothing behind: the same key may be tried again. Raises Conflict, InvalidInput.
    """
    if asked is None:
        return act(engine)
    turns: Turns = current_app.extensions[TURNS]
    with turns.of(asked), whole(engine.start_work) as work:
        kept = kept_answers.find(work, asked)
        if kept is not None:
            return Response(kept.body, kept.status, {REPLAYED: "true"}, mimetype="application/json")
        response = act(replace(engine, start_work=work.start_work))
        kept_answers.keep(work, asked, Answer(response.status_code, response.get_data(as_text=True)))
        work.finish()
        return response
