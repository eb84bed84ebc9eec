"""What docs/api.md shows is what happens: its examples are run, one after the other."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from engine.kernel.work import Store
from tests.builders.site import Site
from tests.integration.api import seeded
from tests.paths import ROOT

PAGE = ROOT / "docs" / "api.md"
EXAMPLE = re.compile(r"```sh\n(?P<command>.*?)```\n```json\n(?P<answer>.*?)```", re.DOTALL)
ANYTHING = "…"


@pytest.fixture
def site(store: Store, tmp_path: Path) -> Site:
    return seeded.build(store, tmp_path)


def test_the_examples_of_the_page_are_answered_as_it_says(site: Site) -> None:
    tokens = {"TOKEN": seeded.token(site, "zhou"), "ADMIN": seeded.token(site)}
    examples = list(EXAMPLE.finditer(PAGE.read_text()))

    for example in examples:
        told = run(site, example["command"], tokens)
        assert fits(json.loads(example["answer"]), told), f"{example['command']}\n{told}"
    assert len(examples) >= 8


def test_an_answer_that_differs_does_not_fit() -> None:
    assert fits({"a": [{"b": ANYTHING}]}, {"a": [{"b": 1, "c": 2}]})
    assert not fits({"a": [{"b": 2}]}, {"a": [{"b": 1}]})
    assert not fits({"d": ANYTHING}, {"a": 1})


def run(site: Site, command: str, tokens: dict[str, str]) -> Any:
    """A curl command, asked of the application."""
    for name, text in {**tokens, "LETTERFLOW": ""}.items():
        command = command.replace(f"${name}", text)
    words = iter(shlex.split(command.replace("\\\n", " "))[1:])
    method, headers, body, path = "GET", {}, None, ""
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words).encode()
        else:
            path = word
    return site.app.test_client(use_cookies=False).open(path, method=method, headers=headers, data=body).json


def fits(said: Any, told: Any) -> bool:
    """Whether an answer holds everything that the page shows of it."""
    if said == ANYTHING:
        return True
    if isinstance(said, dict):
        return isinstance(told, dict) and all(name in told and fits(each, told[name]) for name, each in said.items())
    if isinstance(said, list):
        return isinstance(told, list) and len(said) == len(told) and all(map(fits, said, told))
    return bool(said == told)
