"""Takes an open task's token to another node by hand: returns, retractions and straight ways back."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, select

from engine.kernel.errors import NotFound
from engine.kernel.work import Work
from engine.workflow import runner, standings
from engine.workflow.engine import Engine
from engine.workflow.runner import Cause
from engine.workflow.spiff import machine
from engine.workflow.step import Answer, Ports, Step
from engine.workflow.tables import task


@dataclass(frozen=True)
class Jump:
    """Where to go instead of the next node (APR-15, DIRECT), and what history says of it."""

    node: str
    cause: Cause


def move(engine: Engine, work: Work, task_id: int, node: str, cause: Cause) -> Step:
    """The task's token goes to `node` of the same scope; the task and its multi-instance siblings are withdrawn.

    With `cause.completion` the task counts as completed, else as cancelled. Raises NotFound, Conflict, InvalidInput.
    """
    standing = standings.lock_of_task(work, task_id)
    token = _token(work, task_id)
    return runner.advance(
        engine, work, standing, lambda program, state, ports: machine.move(program, state, token, node, ports), cause
    )


def complete_and_jump(engine: Engine, work: Work, task_id: int, answer: Answer, jump: Jump) -> Step:
    """Completes the task; the one task that this opens is passed over in favour of `jump.node`.

    Where the process opens several tasks, none, or that node itself, it simply goes on as drawn.
    """
    standing = standings.lock_of_task(work, task_id)
    token = _token(work, task_id)

    def run(program: Any, state: bytes, ports: Ports) -> Step:
        done = machine.complete(program, state, token, answer, ports)
        known = {each.token for each in machine.look(program, state, ports).open}
        fresh = [each for each in done.open if each.token not in known]
        if len(fresh) != 1 or fresh[0].node.id == jump.node:
            return done
        jumped = machine.move(program, done.state, fresh[0].token, jump.node, ports)
        return replace(jumped, moved=done.moved + jumped.moved, thrown=done.thrown + jumped.thrown)

    return runner.advance(engine, work, standing, run, jump.cause)


def _token(work: Work, task_id: int) -> str:
    token = work.connection.execute(_TOKEN, {"of": task_id}).scalar()
    if token is None:
        raise NotFound("task.unknown", "there is no such open task", task=task_id)
    return str(token)


_TOKEN = select(task.c.token).where(task.c.id == bindparam("of"), task.c.status == "open")
