"""One run of an instance: SpiffWorkflow's workflow with flat scans, moving tokens until all of them wait."""

from collections import deque
from collections.abc import Iterable
from typing import Any

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.kernel.errors import LetterflowError
from engine.workflow.errors import BpmnError, Stuck
from engine.workflow.spiff import branches, throwing
from engine.workflow.spiff.model import Flow
from engine.workflow.spiff.tokens import Branch, Token
from engine.workflow.step import Moved, Ports, Thrown

MAX_STEPS = 10_000
_STILL = TaskState.WAITING | TaskState.STARTED
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Run(BpmnWorkflow):  # type: ignore[misc]  # SpiffWorkflow has no types
    """The tokens of one instance while a step is made; nothing of it outlives the step but the state."""

    def __init__(self, program: Any, ports: Ports) -> None:
        super().__init__(program.process, deserializing=True)
        self.program = program
        self.ports = ports
        self.counter = 0
        self.queue: deque[Token] = deque()
        self.moved: list[Moved] = []
        self.thrown: list[Thrown] = []
        self.steps = 0
        self.ended_with: dict[str, Any] | None = None
        self.terminated = False

    # what the library walks as a tree is scanned flatly

    def update_waiting_tasks(self) -> None:
        """Nothing to poll: what waits is woken by name."""

    def _task_completed_notify(self, task: Token) -> None:
        self.last_task = None

    def next_id(self) -> str:
        """A short id that this instance has not used before."""
        self.counter += 1
        number, text = self.counter, ""
        while number:
            number, digit = divmod(number, 36)
            text = _DIGITS[digit] + text
        return text

    def tokens(self) -> list[Token]:
        """All tokens, oldest first."""
        return list(self.tasks.values())

    @property
    def root(self) -> Token:
        """The token of the whole instance."""
        return self.task_tree  # type: ignore[no-any-return]  # SpiffWorkflow has no types

    def within(self, scope: Token) -> list[Token]:
        """The tokens that stand in a scope itself: no listeners, no boundary events."""
        tasks = self.tasks
        return [tasks[ident] for ident in scope._children if not tasks[ident].listening]

    # moving

    def place(self, spec: Any, scope: Token, data: dict[str, Any], *, branch: Branch | None = None) -> Token:
        """A new token at a node; it is run when its turn comes."""
        token = Token(self, spec, scope)
        token.data, token.branch = data, branch
        return token

    def arrive(self, token: Token) -> None:
        """Tell the node that the token came; it becomes ready or waits."""
        token.task_spec._update(token)

    def follow(self, token: Token, flows: Iterable[Flow]) -> None:
        """Take the token out of its node along the flows; without any, its branch has ended."""
        scope, spec = token.scope, token.task_spec
        chosen = list(flows)
        self.remove(token)
        if not chosen:
            self._end(token, scope)
            return
        branch = token.branch if len(chosen) == 1 else Branch(token.data, token.branch)
        fresh = [self._along(flow, spec, scope, token, branch) for flow in chosen]
        for one in fresh:
            if one.id in self.tasks:
                self.arrive(one)

    def _along(self, flow: Flow, spec: Any, scope: Token, token: Token, branch: Branch | None) -> Token:
        target = spec._wf_spec.task_specs[flow.target]
        fresh = self.place(target, scope, token.data, branch=branch)
        fresh.via = flow.id
        return fresh

    def _end(self, token: Token, scope: Token) -> None:
        rest = [other for other in self.within(scope) if other is not token]
        branches.hand_over(token, rest, scope)
        self.settle(scope, token.data)

    def settle(self, scope: Token, data: dict[str, Any]) -> None:
        """Complete a scope in which nothing stands any more."""
        if scope.id in self.tasks and not self.within(scope):
            scope.task_spec.emptied(scope, data)

    def finish(self, data: dict[str, Any], *, terminated: bool = False) -> None:
        """The instance has ended."""
        self.ended_with, self.terminated = data, terminated
        self.root.data, self.root.branch, self.root.internal_data = (
            data,
            None,
            {"terminated": True} if terminated else {},
        )
        for child in self.root.children:
            self.cancel_token(child)

    def remove(self, token: Token) -> None:
        """Take a token and everything under it out of the tree without a trace."""
        for child in token.children:
            self.remove(child)
        if token.parent is not None:
            token.parent._children.remove(token.id)
        del self.tasks[token.id]

    def cancel_token(self, token: Token) -> None:
        """Withdraw a token and everything that runs inside it."""
        for child in token.children:
            self.cancel_token(child)
        spec = token.task_spec
        if spec.traced and token.entered:
            self.note(token, "cancel")
        self.remove(token)

    def note(self, token: Token, event: str) -> None:
        """One line of the trace."""
        node = token.task_spec.node
        if not node.made:
            flow = token.via if event == "enter" else None
            self.moved.append(Moved(node.id, event, self.ports.now, token.index, flow))

    # running

    def advance(self) -> None:
        """Run until every token waits. Raises nothing that a diagram may cause: such tokens fail and stay."""
        while True:
            while self.queue:
                token = self._next()
                if token.id in self.tasks and token.state == TaskState.READY:
                    self.step(token)
            if self.ended_with is not None or not self._wake():
                return

    def _next(self) -> Token:
        """The oldest ready token; signals are thrown last, when everything that moves now has come to listen."""
        for _ in range(len(self.queue) - 1):
            if not self.queue[0].task_spec.spreads:
                break
            self.queue.rotate(-1)
        return self.queue.popleft()

    def step(self, token: Token) -> None:
        """Run one ready token; what goes wrong there stays there (trap T10)."""
        self.steps += 1
        self.attempt(token, token.run if self.steps <= MAX_STEPS else _endless)

    def attempt(self, token: Token, act: Any) -> None:
        """Do something for a token; a BPMN error looks for its event, anything else becomes a failure at the token."""
        try:
            act()
        except BpmnError as error:
            throwing.error(self, token, error)
        except LetterflowError as error:
            fail(token, error)

    def _wake(self) -> bool:
        woken = False
        for token in self.tokens():
            if token.task_spec.rechecks and token.id in self.tasks and token.has_state(_STILL):
                woken = bool(token.task_spec.recheck(token)) or woken
        return woken or bool(self.queue)


def fail(token: Token, error: LetterflowError) -> None:
    """Leave the token at its node with the reason; `retry` runs it again."""
    token._set_state(TaskState.ERROR)
    token.memory["failure"] = [error.code, error.message, _plain(error.fields)]


def _plain(fields: Any) -> Any:
    if isinstance(fields, dict):
        return {str(name): _plain(inner) for name, inner in fields.items()}
    if isinstance(fields, list | tuple | set):
        return [_plain(inner) for inner in fields]
    return fields if isinstance(fields, str | int | float | bool | None) else str(fields)


def _endless() -> None:
    raise Stuck(
        "workflow.endless",
        f"the process made {MAX_STEPS} steps without waiting for anybody; a loop never ends: check its condition",
        limit=MAX_STEPS,
    )
