"""An engine with the approvals and letters floors, the company, a regulation in force, and the deployed processes."""

from pathlib import Path

import pytest

from engine.approvals import joining as approvals
from engine.kernel.work import Store
from engine.letters import joining
from engine.workflow import definitions
from engine.workflow.engine import Engine
from tests.builders import drafts
from tests.builders.engines import make_engine
from tests.integration.people.company import Company, found
from tests.paths import ROOT


@pytest.fixture
def company(store: Store) -> Company:
    with store.start_work() as work:
        founded = found(work)
        drafts.regulation(work)
        work.commit()
    return founded


@pytest.fixture
def engine(store: Store, company: Company, tmp_path: Path) -> Engine:
    made = make_engine(store, tmp_path / "files")
    approvals.join(made)
    joining.join(made)
    return made


@pytest.fixture
def processes(engine: Engine) -> Engine:
    """The engine with approval, escalation, drafting and adjustment as they are drawn."""
    for key in ("approval", "escalation", "drafting", "adjustment"):
        definitions.deploy(engine, ROOT / "processes" / key)
    return engine
