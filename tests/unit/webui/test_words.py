"""Codes of the engine have words: what is recorded, what people are told, what a page may be refused with."""

import ast
import re
from collections.abc import Iterator

import pytest

from engine.kernel.errors import InvalidInput
from tests.paths import ROOT
from webui.words import WORDS, sentence

SOURCES = list((ROOT / "engine").rglob("*.py"))
REFUSALS = {"Conflict", "NotAllowed", "InvalidInput"}
FLOORS = ("approvals", "people", "workflow", "kernel")
NEVER_ON_A_PAGE = {"config.invalid", "config.secret_key", "node.ratio", "scenario.fails", "scenario.operation"}


def test_every_act_of_the_history_has_words() -> None:
    written = {text for call in _calls("append") for text in _texts(call) if "." in text and ":" not in text}

    assert {f"act.{code}" for code in written if f"act.{code}" not in WORDS} == set()


def test_every_notice_has_words() -> None:
    told = {text for call in _calls("notify") for text in _texts(call) if text.count(".") == 1}

    assert {f"notice.{code}" for code in told if f"notice.{code}" not in WORDS} == set()


@pytest.mark.parametrize("floor", FLOORS)
def test_every_refusal_that_a_page_can_meet_has_words(floor: str) -> None:
    codes = {
        call.args[0].value
        for path in (ROOT / "engine" / floor).rglob("*.py")
        if not {"spiff", "dmn", "feel"} & set(path.parts)
        for call in _calls_in(ast.parse(path.read_text()))
        if _name(call) in REFUSALS and call.args and isinstance(call.args[0], ast.Constant)
    }

    lacking = {str(code) for code in codes if str(code) not in WORDS} - NEVER_ON_A_PAGE
    assert {code for code in lacking if not code.startswith(("workflow.", "operation."))} == set()


def test_a_code_without_words_falls_back_to_the_engines_sentence() -> None:
    assert sentence(InvalidInput("nobody.worded", "say it in English")) == "say it in English"


def _calls(name: str) -> Iterator[ast.Call]:
    for path in SOURCES:
        yield from (call for call in _calls_in(ast.parse(path.read_text())) if _name(call) == name and _audits(call))


def _audits(call: ast.Call) -> bool:
    """`audit.append` and `notices.notify`, not a list's append."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return isinstance(owner, ast.Name) and owner.id in {"audit", "notices"}


def _calls_in(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _texts(call: ast.Call) -> list[str]:
    return [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]


def test_every_page_that_a_drawn_task_names_has_words() -> None:
    drawn = "".join(path.read_text() for path in (ROOT / "processes").rglob("*.bpmn"))

    assert {name for name in re.findall(r'<lf:page name="([^"]+)"', drawn) if f"page.{name}" not in WORDS} == set()
