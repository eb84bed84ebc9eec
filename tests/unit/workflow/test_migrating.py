"""One state taken to another version of its program: what goes over, what is armed anew, what is refused and why."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.workflow.spiff import programs
from engine.workflow.spiff.migration import places
from engine.workflow.spiff.migration.migrating import Migrated, migrate
from tests.unit.workflow.diagrams import (
    boundary,
    condition,
    definition,
    drawn,
    extensions,
    file,
    message,
    node,
    nodes,
    process,
    script,
    several,
    sub,
    timer,
)
from tests.unit.workflow.plays import Play

LINE = drawn(nodes("start:s user:a user:b end:e"), "s a b e")
CALLED = "called"


def taken(play: Play, new: bytes | programs.Program, **mapping: str) -> Migrated:
    """The migration of where the play stands; the play goes on there when it succeeds."""
    program = new if isinstance(new, programs.Program) else programs.compile({"p.bpmn": new}, "p")
    world = play.world
    done = migrate(play.program, program, play.step.state, mapping, world, lambda at: replace(world, now=at))
    if done.step is not None:
        play.program, play.step = program, done.step
    return done


def codes(done: Migrated) -> list[tuple[str, str]]:
    return [(each.element, each.code.removeprefix("migration.")) for each in done.findings]


def refused(play: Play, new: bytes, **mapping: str) -> list[tuple[str, str]]:
    done = taken(play, new, **mapping)
    assert done.step is None
    return codes(done)


def test_an_open_task_keeps_its_token_and_goes_on_as_the_new_version_says() -> None:
    play = Play(LINE, {"x": 1})
    token = play.task("a").token

    done = taken(play, drawn(nodes("start:s user:a user:c user:b end:e"), "s a c b e"))

    assert (play.task("a").token, done.renamed, play.data) == (token, {}, {"x": 1})
    assert play.answer("a").open == ["c"]


def test_a_task_with_another_id_is_named_by_the_mapping() -> None:
    play = Play(LINE)
    new = drawn(nodes("start:s user:z user:b end:e"), "s z b e")

    assert refused(play, new) == [("a", "target_missing")]
    assert taken(play, new, a="z").renamed == {"a": "z"}
    assert play.answer("z").open == ["b"]


def test_a_node_of_another_type_is_refused() -> None:
    new = drawn(nodes("start:s service:a user:b end:e"), "s a b e")

    assert refused(Play(LINE), new) == [("a", "other_type")]


def test_a_decision_does_not_become_a_plain_task() -> None:
    decide = node("userTask", "a", extensions('<lf:node kind="decide"/>'))

    found = refused(Play(LINE), drawn(decide + nodes("start:s user:b end:e"), "s a b e"))

    assert found == [("a", "other_task")]


def test_a_node_that_moved_into_a_subprocess_is_in_another_scope() -> None:
    inside = sub("box", nodes("start:bs user:a end:be"), "bs a be")

    assert refused(Play(LINE), drawn(inside + nodes("start:s user:b end:e"), "s box b e")) == [("a", "other_scope")]


def test_what_runs_in_a_subprocess_goes_along_with_it() -> None:
    old = drawn(sub("box", nodes("start:bs user:a end:be"), "bs a be") + nodes("start:s end:e"), "s box e")
    new = drawn(sub("box", nodes("start:bs user:a user:n end:be"), "bs a n be") + nodes("start:s end:e"), "s box e")
    play = Play(old)

    taken(play, new)

    assert play.answer("a").open == ["n"]
    assert play.answer("n").outcome == "completed"


def _looped(inner: str, **more: str) -> bytes:
    return drawn(node("userTask", "a", inner, **more) + nodes("start:s user:b end:e"), "s a b e")


def test_instances_of_a_multi_instance_go_over_and_keep_their_results() -> None:
    play = Play(_looped(several()), {"people": ["x", "y"]})
    play.answer("a", 0, vote=1)

    taken(play, _looped(several(), name="renamed"))

    assert play.answer("a", 1, vote=2).data["votes"] == [{"vote": 1}, {"vote": 2}]


@pytest.mark.parametrize("new", ["", several(isSequential="true"), several(result="others")])
def test_what_is_repeated_in_another_way_is_refused(new: str) -> None:
    play = Play(_looped(several()), {"people": ["x", "y"]})

    assert refused(play, _looped(new)) == [("a", "repetition")]


FORK = "start:s and:f user:a user:b and:j end:e"


def _forked(more: str = "", *paths: str) -> bytes:
    return drawn(nodes(f"{FORK} {more}".strip()), "s f a j e", "f b j", *paths)


def test_a_branch_that_the_new_version_added_after_the_fork_starves_the_join() -> None:
    """`spiffworkflow.md`: an AND branch added after the fork deadlocks."""
    assert refused(Play(_forked()), _forked("user:c", "f c j")) == [("j", "join_starves")]


def test_halfway_through_a_join_the_branches_still_meet() -> None:
    play = Play(_forked()).answer("a")
    new = drawn(nodes(f"{FORK} user:c"), "s f a j c e", "f b j")

    taken(play, new)

    assert play.answer("b").open == ["c"]


def test_a_branch_that_waits_on_a_flow_which_is_gone_is_refused() -> None:
    play = Play(_forked()).answer("a")
    new = drawn(nodes(f"{FORK} task:t"), "s f a t j e", "f b j")

    assert refused(play, new) == [("j", "join_flows")]


def test_branches_that_the_new_version_puts_in_a_row_are_refused() -> None:
    assert refused(Play(_forked()), drawn(nodes("start:s user:a user:b end:e"), "s a b e")) == [("j", "join_missing")]


def test_branches_that_would_come_on_one_flow_are_refused() -> None:
    new = drawn(nodes(f"{FORK} user:z"), "s f a b j e", "f z j")

    found = refused(Play(_forked()), new)

    assert ("j", "join_merges") in found


TIMED = boundary("late", "a", timer("PT2H")) + nodes("start:s user:a user:b user:h end:e")
PATHS = ("s a b e", "late h e")


def test_a_timer_that_did_not_change_keeps_its_moment() -> None:
    play = Play(drawn(TIMED, *PATHS))
    due = play.step.timers[0]
    play.later(hours=1)

    done = taken(play, drawn(TIMED + nodes("user:c"), "s a c b e", "late h e"))

    assert (play.step.timers, done.moved) == ((due,), ())


def test_a_cycle_that_did_not_change_goes_on_with_its_next_occurrence() -> None:
    ticks = boundary("late", "a", timer("R/PT2H", "timeCycle"), interrupting=False)
    body = ticks + nodes("start:s user:a user:b user:h end:e")
    play = Play(drawn(body, *PATHS)).fire("late")
    due = play.step.timers
    play.later(hours=1)

    taken(play, drawn(body + nodes("user:c"), "s a c b e", "late h e"))

    assert play.step.timers == due


def test_a_timer_whose_text_changed_is_counted_from_when_the_old_one_began() -> None:
    play = Play(drawn(TIMED, *PATHS))
    start = play.world.now
    play.later(hours=1)

    done = taken(play, drawn(TIMED.replace("PT2H", "PT3H"), *PATHS))

    assert play.step.timers[0].due == start + timedelta(hours=3)
    assert [(each.node.id, each.due - each.before) for each in done.moved] == [("late", timedelta(hours=1))]


def test_an_event_that_the_new_version_hangs_on_the_task_begins_to_listen_and_one_that_is_gone_ends() -> None:
    play = Play(drawn(TIMED, *PATHS)).later(hours=1)
    news = boundary("told", "a", message(), interrupting=False) + nodes("start:s user:a user:b user:h end:e")

    taken(play, drawn(news, "s a b e", "told h e"))

    assert (play.due, [each.node.id for each in play.step.waits]) == ([], ["told"])
    assert play.send().open == ["a", "h"]


def test_a_timer_that_has_fired_for_the_last_time_does_not_come_again() -> None:
    body = boundary("late", "a", timer("PT2H"), interrupting=False) + nodes("start:s user:a user:b user:h end:e")
    play = Play(drawn(body, *PATHS)).fire("late")

    taken(play, drawn(body + nodes("user:c"), "s a c b e", "late h e"))

    assert play.due == []


def _guarded(event: str) -> bytes:
    inside = sub("guard", node("startEvent", "gs", event) + nodes("user:g end:ge"), "gs g ge", triggeredByEvent="true")
    return drawn(inside + nodes("start:s user:a end:e"), "s a e")


def test_event_subprocesses_of_the_new_version_listen_where_the_instance_stands() -> None:
    play = Play(drawn(nodes("start:s user:a end:e"), "s a e"))

    taken(play, _guarded(message()))

    assert play.send().open == ["g"]


def test_an_event_that_waits_for_something_else_is_refused() -> None:
    def waiting(event: str) -> bytes:
        return drawn(node("intermediateCatchEvent", "w", event) + nodes("start:s end:e"), "s w e")

    assert refused(Play(waiting(message())), waiting(timer("PT1H"))) == [("w", "other_event")]
    play = Play(waiting(timer("PT1H")))
    taken(play, waiting(timer("PT5H")))
    assert play.step.timers[0].due == play.world.now + timedelta(hours=5)


def test_a_gateway_that_waits_for_events_takes_the_new_ones() -> None:
    def choice(more: str, *paths: str) -> bytes:
        one = node("intermediateCatchEvent", "w", timer("PT1H"))
        return drawn(one + more + nodes("start:s event:g user:a user:n end:e"), "s g w a e", *paths)

    other = node("intermediateCatchEvent", "told", message())
    play = Play(choice(node("intermediateCatchEvent", "x", definition("signal", signalRef="d.g")), "g x n e"))

    taken(play, choice(other, "g told n e"))

    assert play.send().open == ["n"]


def test_a_listener_that_cannot_be_armed_refuses_with_the_reason() -> None:
    new = TIMED.replace("PT2H", "=limit + 1")

    done = taken(Play(drawn(nodes("start:s user:a user:b user:h end:e"), "s a b e", "s h e")), drawn(new, *PATHS))

    assert done.step is None


def test_what_was_done_must_still_be_undoable() -> None:
    undo = boundary("u", "a", definition("compensate")) + node("userTask", "undo", isForCompensation="true")
    link = '<bpmn:association id="as" sourceRef="u" targetRef="undo"/>'
    throw = node("endEvent", "e", definition("compensate"))
    old = drawn(nodes("start:s user:a user:b") + undo + link + throw, "s a b e")
    play = Play(old).answer("a")

    assert refused(play, drawn(nodes("start:s user:a user:b end:e"), "s a b e")) == [("a", "undo_lost")]
    assert taken(play, old).step is not None


def test_what_was_done_inside_a_subprocess_must_still_be_undoable() -> None:
    undo = boundary("u", "x", definition("compensate")) + node("userTask", "undo", isForCompensation="true")
    link = '<bpmn:association id="as" sourceRef="u" targetRef="undo"/>'

    def boxed(more: str) -> bytes:
        box = sub("box", nodes("start:bs user:x end:be") + more, "bs x be")
        return drawn(box + nodes("start:s user:b") + node("endEvent", "e", definition("compensate")), "s box b e")

    play = Play(boxed(undo + link)).answer("x")

    assert refused(play, boxed("")) == [("x", "undo_lost")]


def test_another_process_is_not_called_in_the_middle() -> None:
    def calling(key: str) -> programs.Program:
        inner = programs.compile({"c.bpmn": file(process(nodes("start:cs user:x end:ce"), "cs x ce", key=key))}, key)
        outer = drawn(node("callActivity", "call", calledElement=key) + nodes("start:s end:e"), "s call e")
        return programs.compile({"p.bpmn": outer}, "p", called={key: inner})

    done = taken(Play(calling("c")), calling("d"))

    assert codes(done) == [("call", "other_called")]


def test_a_failed_node_keeps_its_reason_and_is_retried_as_the_new_version_says() -> None:
    """The use that administrators have for it: the diagram was wrong, the instances hang."""
    bad = drawn(
        script("a", 'x = 1 + "a" * amount.of') + nodes("start:s xor:g user:b end:e"), "s a g", "g b : y > 1", "b e"
    )
    good = drawn(script("a", "x = 2") + nodes("start:s xor:g user:b end:e"), "s a g b e")
    play = Play(bad)
    assert [each for each, _ in play.failed] == ["g"]

    taken(play, good)

    assert play.retry().open == ["b"]


def test_data_that_only_the_new_version_reads_is_warned_about() -> None:
    task = node("userTask", "a", extensions('<lf:output name="y" value="=1"/>'))
    old = drawn(script("n", "x = 1") + task + nodes("start:s end:e"), "s n a e")
    body = script("n", "limit = 1") + task + nodes("start:s xor:g user:c end:e")
    new = drawn(body, "s n a g", "g c : limit > 5", "g e : limit < 6", "c e")

    done = taken(Play(old), new)

    assert done.step is not None
    assert codes(done) == [("g", "data_missing")]


def test_conditions_of_the_new_version_are_watched() -> None:
    play = Play(drawn(nodes("start:s user:a user:b end:e"), "s a b e"), {"amount": 1})

    taken(play, _guarded(condition("amount > 5")))

    assert play.answer("a", amount=9).open == []


def test_what_a_called_process_does_is_taken_along() -> None:
    def calling(path: str) -> programs.Program:
        called = "".join(
            nodes(f"{'start' if each == 'cs' else 'end' if each == 'ce' else 'user'}:{each}") for each in path.split()
        )
        inner = programs.compile({"c.bpmn": file(process(called, path, key="c"))}, "c")
        outer = drawn(node("callActivity", "call", calledElement="c") + nodes("start:s user:b end:e"), "s call b e")
        return programs.compile({"p.bpmn": outer}, "p", called={"c": inner})

    play = Play(calling("cs x ce"))

    taken(play, calling("cs x y ce"))

    assert play.answer("x").answer("y").open == ["b"]


def test_the_same_node_is_found_by_its_id_and_one_that_only_looks_alike_is_a_suggestion() -> None:
    old = drawn(node("userTask", "law", name="法务审核") + nodes("start:s user:b end:e"), "s law b e")
    new = drawn(node("userTask", "legal", name="法务审核") + nodes("start:s user:b end:e"), "s legal b e")

    found = places.counterparts(*(programs.compile({"p.bpmn": each}, "p") for each in (old, new)))

    assert found == {"b": places.Counterpart("b", sure=True), "law": places.Counterpart("legal", sure=False)}


def test_the_mapping_reaches_into_subprocesses() -> None:
    def boxed(task: str) -> Mapping[str, bytes]:
        box = sub("box", nodes(f"start:bs user:{task} end:be"), f"bs {task} be")
        return {"p.bpmn": drawn(box + nodes("start:s end:e"), "s box e")}

    play = Play(boxed("a")["p.bpmn"])

    taken(play, boxed("z")["p.bpmn"], a="z")

    assert play.open == ["z"]
