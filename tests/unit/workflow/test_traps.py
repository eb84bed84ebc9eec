"""The traps of the library, each as it is found bare and as it is here (spiffworkflow.md T1–T10)."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.exceptions import WorkflowException

from engine.kernel.errors import BadDefinition
from engine.workflow.spiff import codec, machine, programs
from engine.workflow.step import Answer
from tests.paths import SHARED
from tests.unit.workflow.bare import Bare
from tests.unit.workflow.diagrams import boundary, definition, drawn, extensions, node, nodes, script, timer
from tests.unit.workflow.plays import Play, World

FORK = drawn(nodes("start:s user:first and:f user:a user:b and:j user:c end:e"), "s first f a j c e", "f b j")
LOOP = nodes("start:s xor:m user:a end:e") + node("exclusiveGateway", "g", default="g-m")
LOOP_PATHS = ("s m a g", "g e : done", "g m")


class TestT1ParallelJoins:
    def test_bare_the_last_finisher_takes_back_what_another_branch_decided(self) -> None:
        bare = Bare(FORK).run().answer("first", decision=None, log=["x"])

        bare.answer("a", decision="rejected", log=["x", "a"]).answer("b", log=["x", "b"])

        assert bare.ready[0].data == {"decision": None, "log": ["x", "b"]}

    @pytest.mark.parametrize("order", ["ab", "ba"])
    def test_here_only_what_a_branch_changed_counts_and_both_additions_stay(self, order: str) -> None:
        given = {"a": {"decision": "rejected", "log": ["x", "a"]}, "b": {"log": ["x", "b"]}}
        play = Play(FORK).answer("first", decision=None, log=["x"])

        for who in order:
            play.answer(who, **given[who])

        assert play.data["decision"] == "rejected"
        assert sorted(play.data["log"]) == ["a", "b", "x"]

    def test_here_a_real_conflict_is_an_incident_that_names_the_variable_and_a_retry_takes_the_later(self) -> None:
        play = Play(FORK).answer("first", price=1).answer("a", price=2).answer("b", price=3)
        assert play.failed == [("j", "workflow.branches_disagree")]
        assert play.step.failures[0].fields["variables"] == ["price"]

        play.retry()

        assert play.task("c").data["price"] == 3

    def test_here_branches_that_say_the_same_do_not_disagree(self) -> None:
        play = Play(FORK).answer("first").answer("a", ok=True).answer("b", ok=True)

        assert play.task("c").data["ok"] is True


class TestT2OrderOfRows:
    def test_bare_data_are_lost_when_tasks_are_read_in_another_order(self) -> None:
        bare = Bare(FORK).run().answer("first", amount=7)
        state = json.loads(json.dumps(bare.saved()))
        state["tasks"] = dict(reversed(state["tasks"].items()))

        restored = bare.loaded(state)

        assert [task.data for task in restored.get_tasks(state=16)] == [{}, {}]

    def test_here_rows_may_come_in_any_order(self) -> None:
        play = Play(FORK).answer("first", amount=7)
        counter, names, texts, values, forks, rows = codec._body(play.step.state)
        shuffled = bytes((codec.FORMAT, 0)) + json.dumps([counter, names, texts, values, forks, rows[::-1]]).encode()

        step = machine.look(play.program, shuffled, play.world)

        assert [task.data for task in step.open] == [{"amount": 7}, {"amount": 7}]


FORM = {"typename": "x", "@": "2026", "class": "os.system"}


class TestT3KeysThatMeanSomethingToTheReader:
    def test_bare_an_instance_with_the_key_typename_cannot_be_loaded(self) -> None:
        bare = Bare(FORK).run().answer("first", form=FORM)
        state = json.loads(json.dumps(bare.saved()))

        with pytest.raises(TypeError):
            bare.loaded(state)

    def test_here_no_key_means_anything(self) -> None:
        play = Play(FORK).answer("first", **FORM, form=FORM).answer("a")

        assert play.task("b").data == {**FORM, "form": FORM}


def blocks(count: int) -> bytes:
    drawn_nodes, paths, last = nodes("start:s end:e"), [], "s"
    for number in range(count):
        drawn_nodes += nodes(f"and:f{number} user:a{number} user:b{number} user:c{number} and:j{number}")
        paths += [
            f"{last} f{number} a{number} j{number}",
            f"f{number} b{number} j{number}",
            f"f{number} c{number} j{number}",
        ]
        last = f"j{number}"
    return drawn(drawn_nodes, *paths, f"{last} e")


class TestT4Prediction:
    def test_bare_every_block_in_a_row_multiplies_the_predicted_tasks(self) -> None:
        sizes = [len(Bare(blocks(count)).workflow.tasks) for count in (4, 5, 6)]

        assert sizes[2] > 4000
        assert sizes[2] > 2.5 * sizes[1] > 6 * sizes[0]

    def test_here_tokens_exist_only_where_the_instance_stands(self) -> None:
        play = Play(blocks(8))

        assert len(codec._body(play.step.state)[5]) == 4  # the process and three tasks


class TestT5LongLoops:
    def test_bare_a_long_reject_loop_is_reported_as_completed_with_its_ready_task_lost(self) -> None:
        bare, rounds = Bare(drawn(LOOP, *LOOP_PATHS)).run(), 0
        while bare.ready and rounds < 400:
            bare.answer("a", done=False)
            rounds += 1

        assert rounds < 400
        assert bare.workflow.is_completed()

    def test_here_a_thousand_rounds_leave_no_more_behind_than_ten(self) -> None:
        content = (SHARED / "bench/approval.bpmn").read_bytes()
        program, world = programs.compile({"approval.bpmn": content}, "Process_approval"), World()
        step = machine.start(program, {}, world)
        tokens, sizes = [], []
        for _ in range(1000):
            step = machine.complete(program, step.state, step.open[0].token, Answer({"title": "t"}), world)
            step = machine.complete(program, step.state, step.open[0].token, Answer({"approved": False}), world)
            tokens.append(len(codec._body(step.state)[5]))
            sizes.append(len(step.state))

        assert tokens[-1] == tokens[9] == 2
        assert sizes[-1] <= 1.5 * sizes[9]
        assert [task.node.id for task in step.open] == ["draft"]


class TestT6ReservedIds:
    def test_bare_a_start_event_called_start_fails(self) -> None:
        with pytest.raises(WorkflowException):
            Bare(drawn(nodes("start:Start user:a end:e"), "Start a e")).run()

    def test_bare_a_task_called_end_is_skipped_without_a_word(self) -> None:
        bare = Bare(drawn(nodes("start:s user:End user:b end:e"), "s End b e")).run()

        assert bare.ready == []

    @pytest.mark.parametrize("ident", ["Start", "End", "p.EndJoin", "a.BoundaryEventSplit", "a.BoundaryEventJoin"])
    def test_here_they_are_refused(self, ident: str) -> None:
        with pytest.raises(BadDefinition) as refused:
            Play(drawn(nodes(f"start:s user:{ident} end:e"), f"s {ident} e"))

        assert [(f.code, f.element) for f in refused.value.fields["findings"]] == [("bpmn.reserved_id", ident)]


class TestT7SharedValues:
    def test_bare_an_edit_in_one_branch_changes_the_other_and_the_past(self) -> None:
        bare = Bare(FORK).run().answer("first", items=[{"n": 1}])
        one, other = bare.ready

        one.data["items"][0]["n"] = 99

        assert other.data["items"] == one.parent.data["items"] == [{"n": 99}]

    def test_here_nobody_outside_holds_what_the_instance_keeps(self) -> None:
        items = [{"n": 1}]
        play = Play(FORK).answer("first", items=items)

        items[0]["n"] = 99
        play.task("a").data["items"][0]["n"] = 98
        play.answer("b")

        assert play.task("a").data["items"] == [{"n": 1}]

    def test_here_an_operation_that_edits_its_inputs_edits_a_copy(self) -> None:
        def spoil(inputs: dict) -> dict:
            inputs["items"].append("spoilt")
            return {}

        task = node("serviceTask", "t", extensions('<lf:operation name="spoil"/>'))
        play = Play(
            drawn(nodes("start:s user:a end:e") + task, "s t a e"),
            {"items": []},
            world=World(operations={"spoil": spoil}),
        )

        assert play.data["items"] == []


TIMED = nodes("start:s user:a user:b end:e end:e2")


class TestT8GoingBack:
    def test_bare_going_back_leaves_timers_behind_that_crash_the_next_step(self) -> None:
        late = boundary("w", "b", timer('"PT1H"'))
        bare = Bare(drawn(TIMED + late, "s a b e", "w e2")).run().answer("a")
        task = next(task for task in bare.workflow.tasks.values() if task.task_spec.name == "a")
        bare.workflow.reset_from_task_id(task.id)

        with pytest.raises(AttributeError):
            bare.run()

    def test_here_a_moved_token_takes_its_timers_along(self) -> None:
        play = Play(drawn(TIMED + boundary("w", "b", timer("PT1H")), "s a b e", "w e2")).answer("a")
        assert play.due == ["w"]

        play.act(machine.move, play.task("b").token, "a")

        assert (play.open, play.due) == (["a"], [])
        assert play.answer("a").due == ["w"]


class TestT9Clock:
    def test_bare_timers_read_the_wall_clock(self) -> None:
        bare = Bare(drawn(TIMED + boundary("w", "b", timer('"PT1H"')), "s a b e", "w e2")).run().answer("a")
        waiting = next(task for task in bare.workflow.tasks.values() if task.task_spec.name == "w")

        due = datetime.fromisoformat(waiting.internal_data["event_value"])

        assert abs(due - datetime.now(UTC) - timedelta(hours=1)) < timedelta(minutes=1)

    def test_here_time_is_what_the_step_says(self) -> None:
        world = World(now=datetime(2031, 5, 5, 1, tzinfo=UTC))
        play = Play(drawn(TIMED + boundary("w", "b", timer("PT1H")), "s a b e", "w e2"), world=world).answer("a")

        assert play.step.timers[0].due == datetime(2031, 5, 5, 2, tzinfo=UTC)


class TestT10Failures:
    def test_bare_a_failure_is_no_boundary_error_and_stops_everything(self) -> None:
        content = drawn(
            nodes("start:s and:f user:b end:e end:e2 end:e3") + script("t", "x = 1 / 0")
            + boundary("w", "t", definition("error", errorRef="d.x")),
            "s f t e", "f b e2", "w e3",
        )  # fmt: skip

        with pytest.raises(WorkflowTaskException):
            Bare(content).run()

    def test_here_a_failed_operation_is_an_incident_at_its_node_while_the_other_branch_goes_on(self) -> None:
        answers = [BadDefinition("pay.closed", "the bank is closed"), {"paid": True}]

        def pay(_: object) -> dict:
            answer = answers.pop(0)
            if isinstance(answer, BadDefinition):
                raise answer
            return answer

        task = node("serviceTask", "t", extensions('<lf:operation name="pay"/>'))
        content = drawn(nodes("start:s and:f user:b and:j end:e") + task, "s f t j e", "f b j")
        play = Play(content, world=World(operations={"pay": pay}))
        assert play.failed == [("t", "pay.closed")]
        assert play.open == ["b"]
        assert play.outcome == "incident"

        play.answer("b").retry()

        assert play.outcome == "completed"
        assert play.data == {"paid": True}
        assert play.went().count("t") == 1
