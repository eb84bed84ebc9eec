"""Random requests, good and bad, made from the document: nothing fails inside, every answer is as the document says."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from engine.kernel.clock import ManualClock
from engine.kernel.database import open_database
from engine.kernel.work import Store
from tests.conftest import MONDAY
from tests.integration.api import seeded

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
KNOWN = {"key": st.sampled_from(["purchase", "printing", "waiting", "report"])}
BOUNDED = settings(
    max_examples=10,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Api:
    """The document, loaded from the application itself, and a program that may do everything."""

    schema: Any
    token: str


@pytest.fixture
def api(database_url: str, tmp_path: Path) -> Iterator[Api]:
    database = open_database(database_url)
    site = seeded.build(Store(database, ManualClock(MONDAY)), tmp_path)
    yield Api(schemathesis.openapi.from_wsgi("/api/v1/openapi.json", site.app), seeded.token(site))
    database.dispose()


@pytest.mark.timeout(900)  # some hundred requests; nobody waits for anything
def test_random_requests_are_answered_as_the_document_says(api: Api) -> None:
    """Every operation with ten requests; half of them name something that exists."""
    asked: dict[str, set[int]] = {}
    for found in api.schema.get_all_operations():
        _ask(api, found.ok(), asked.setdefault(found.ok().label, set()))

    assert len(asked) > 40
    assert sum(any(status < 300 for status in told) for told in asked.values()) > 20, asked


def _ask(api: Api, operation: Any, told: set[int]) -> None:
    @given(case=operation.as_strategy(), known=st.booleans(), number=st.integers(1, 12), key=KNOWN["key"])
    @BOUNDED
    def ask(case: Any, known: bool, number: int, key: str) -> None:
        if known and case.path_parameters:
            case.path_parameters = {name: key if name == "key" else number for name in case.path_parameters}
        if case.path.endswith("/fetch") and isinstance(case.body, dict):
            case.body = {**case.body, "wait": 0}
        answer = case.call(headers={"Authorization": f"Bearer {api.token}"})
        told.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    ask()
