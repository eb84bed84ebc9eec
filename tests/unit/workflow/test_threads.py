"""Programs are shared between threads; nothing of an instance is in them."""

from concurrent.futures import ThreadPoolExecutor

from engine.workflow.spiff import programs
from engine.workflow.spiff.programs import Program
from tests.unit.workflow.diagrams import boundary, drawn, node, nodes, script, several, timer
from tests.unit.workflow.plays import Play

CONTENT = drawn(
    nodes("start:s and:f user:a user:b and:j end:e end:e2")
    + node("userTask", "vote", several())
    + boundary("w", "a", timer("PT1H"), interrupting=False)
    + script("t", "total = sum(for v in votes return v.n)"),
    "s f a j vote t e", "f b j", "w e2",
)  # fmt: skip


def test_many_instances_of_one_program_run_at_once_and_keep_apart() -> None:
    program = programs.compile({"p.bpmn": CONTENT}, "p")

    with ThreadPoolExecutor(4) as pool:
        totals = list(pool.map(lambda number: _whole(program, number), range(120)))

    assert totals == [3 * number for number in range(120)]


def test_threads_that_compile_the_same_content_get_programs_that_do_the_same() -> None:
    content = CONTENT.replace(b"total", b"sum_of_all")

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: programs.compile({"p.bpmn": content}, "p"), range(8)))

    assert {program.sha256 for program in found} == {found[0].sha256}
    assert programs.compile({"p.bpmn": content}, "p") is programs.compile({"p.bpmn": content}, "p")


def _whole(program: Program, number: int) -> object:
    play = Play(program, {"people": [1, 2, 3]}).answer("b", who=number).answer("a", x=number)
    for index in range(3):
        play.answer("vote", index, n=number)
    return play.data["total"]
