"""Every code of the engine that a page can show has words: errors, findings, problems of workbooks, acts."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from engine.letters.watching.states import ExtensionState, OrderState
from tests.paths import ROOT
from webui.words import WORDS

ENGINE = ROOT / "engine"
DOTTED = re.compile(r"[\w.-]+\.[\w-]+")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
PLACED = {"mistake": {"position", "line", "column"}, "BpmnError": {"error_code"}}  # what a maker adds by itself

# Where findings and refusals are made: folder → maker → (which argument is the code, what stands before it).
MAKERS: Mapping[str, Mapping[str, tuple[int, str]]] = {
    "letters/draft_rules": {
        "blocking": (0, "draft."),
        "doubtful": (0, "draft."),
        "on_item": (2, "draft."),
        "on_group": (1, "draft."),
        "_short": (2, "draft."),
        "_clash": (2, "draft."),
    },
    "workflow/spiff/linter": {"error": (0, "bpmn."), "warning": (0, "bpmn.")},
    "decisions/feel": {"finding": (0, "")},
    "decisions/dmn": {"Finding": (0, "")},
    "workflow": {"Finding": (0, "")},
    "people": {"_finding": (0, ""), "Problem": (3, "")},
    "kernel": {"_problem": (2, ""), "Unreadable": (0, ""), "Problem": (3, "")},
    "letters/workbook": {"error": (1, ""), "warn": (1, "")},
}
REFUSERS: Mapping[str, Mapping[str, tuple[int, str]]] = {
    "decisions": {"mistake": (0, ""), "exceeded": (0, "feel.budget.")},
    "letters/adjusting": {"_refuse": (0, "adjustment.")},
    "approvals/forms.py": {"_bad": (1, "")},
    "people/workbook.py": {"_known": (3, ""), "_must": (3, "")},
    "workflow/spiff": {"Stuck": (0, "")},
}
NEVER_ON_A_PAGE = {
    "config.invalid": "the configuration is read before there are pages",
    "config.secret_key": "the configuration is read before there are pages",
    "scenario.": "scenarios of a process are played by the command line only",
}


def test_every_refusal_has_words() -> None:
    assert sorted(code for code in refusals() if code not in WORDS and not _hidden(code)) == []


def test_every_finding_has_words_and_a_remedy() -> None:
    codes = {code for code in findings() if not _hidden(code)}

    assert sorted(each for code in codes for each in (code, f"{code}.remedy") if each not in WORDS) == []


def test_words_use_only_fields_that_every_place_which_refuses_gives() -> None:
    """A field that is not there would show the engine's English to everybody; what is not found has one sentence."""
    wrong = {
        f"{code}: {sorted(lacking)} at {where}"
        for code, where, given in _raised()
        if given is not None and code != "task.decided"  # worded with what the page knows by `words.sentence`
        if (lacking := set(PLACEHOLDER.findall(str(WORDS.get(code, "")))) - given)
    }

    assert sorted(wrong) == []


@pytest.mark.parametrize("code", sorted(NEVER_ON_A_PAGE))
def test_an_exception_that_no_code_needs_any_more_is_taken_off_the_list(code: str) -> None:
    assert any(each.startswith(code) for each in refusals() | findings())


def test_every_act_that_is_put_together_has_words() -> None:
    """Acts of approvals, orders, timers and messages are named after what happened (`test_words` has the literal)."""
    said = {f"approval.{code.lower()}" for _, code, _ in _made("approvals", {"Said": (0, "")})}
    turned = {f"order.{code.lower()}" for _, code, _ in _made("letters/watching", {"turn": (2, "")})}
    moved = {f"order.{state.lower()}" for state in OrderState}
    extended = {f"order.extension_{state.lower()}" for state in ExtensionState if state is not ExtensionState.NONE}
    caused = {code for _, code, _ in _made("", {"Cause": (0, ""), "_told": (2, "")}) if "." in code}
    timed = {"task.remind", "task.deadline", "task.escalate", "message.received", "signal.received"}

    acts = said | turned | moved | extended | caused | timed
    assert sorted(act for act in acts if f"act.{act}" not in WORDS) == []
    assert min(map(len, (said, turned, caused))) > 1


def refusals() -> set[str]:
    """The codes of all errors, and of what becomes an error."""
    moved = {
        f"{word.value.value!s}.state"
        for _, tree in _trees("")
        for call in _calls(tree)
        for word in call.keywords
        if word.arg == "thing" and isinstance(word.value, ast.Constant)
    }
    codes = {code for code, _, _ in _raised()} | {code for _, code, _ in _of(REFUSERS)} | moved
    return {code for code in codes if DOTTED.fullmatch(code)}


def findings() -> set[str]:
    """The codes of all findings and of all problems of a workbook; a broken table or expression is one as well."""
    return {code for _, code, _ in _of(MAKERS)} | {code for code in refusals() if code.startswith(("dmn.", "feel."))}


def _hidden(code: str) -> bool:
    return any(code == known or (known.endswith(".") and code.startswith(known)) for known in NEVER_ON_A_PAGE)


def _raised() -> Iterator[tuple[str, str, set[str] | None]]:
    """Code, place and fields of each error; no fields where they are handed on from elsewhere."""
    makers = dict.fromkeys((*_errors(), "mistake"), (0, ""))
    for place, code, call in _made("", makers):
        if not DOTTED.fullmatch(code):  # `cursor.mistake` takes what was expected
            continue
        handed_on = any(word.arg is None for word in call.keywords)
        added = PLACED.get(_name(call), set())
        handed_on |= _name(call) == "NotFound"
        yield code, place, None if handed_on else {word.arg for word in call.keywords if word.arg} | added


@cache
def _errors() -> frozenset[str]:
    """The names of all classes below LetterflowError."""
    found, before = {"LetterflowError"}, 0
    bases = {
        each.name: {base.id for base in each.bases if isinstance(base, ast.Name)}
        for _, tree in _trees("")
        for each in ast.walk(tree)
        if isinstance(each, ast.ClassDef)
    }
    while len(found) > before:
        before = len(found)
        found |= {name for name, above in bases.items() if above & found}
    return frozenset(found)


def _of(makers: Mapping[str, Mapping[str, tuple[int, str]]]) -> Iterator[tuple[str, str, ast.Call]]:
    for folder, names in makers.items():
        made = list(_made(folder, names))
        assert made, f"nothing is made in {folder} any more: take it off the list"
        yield from made


def _made(folder: str, makers: Mapping[str, tuple[int, str]]) -> Iterator[tuple[str, str, ast.Call]]:
    """Place, code and call of each call of a maker whose code is written out."""
    for path, tree in _trees(folder):
        for call in _calls(tree):
            at, before = makers.get(_name(call), (None, ""))
            for code in _written(call, at) if at is not None else ():
                yield f"{path.relative_to(ROOT)}:{call.lineno}", before + code, call


def _written(call: ast.Call, at: int) -> Iterator[str]:
    named = [word.value for word in call.keywords if word.arg == "code"]
    given = named or call.args[at : at + 1]
    for each in given:
        for branch in (each.body, each.orelse) if isinstance(each, ast.IfExp) else (each,):
            if isinstance(branch, ast.Constant) and isinstance(branch.value, str):
                yield branch.value


@cache
def _parsed() -> tuple[tuple[Path, ast.Module], ...]:
    paths = sorted(path for path in ENGINE.rglob("*.py") if "migrations" not in path.parts)
    return tuple((path, ast.parse(path.read_text())) for path in paths)


def _trees(folder: str) -> Iterator[tuple[Path, ast.Module]]:
    return (each for each in _parsed() if each[0].is_relative_to(ENGINE / folder))


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
