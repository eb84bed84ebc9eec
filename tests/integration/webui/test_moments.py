"""U36: moments as people read them, with the machine's form and the full one beside."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from flask import g

from tests.builders.site import Site
from webui import dates

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)  # Sunday, 10:00 in Shanghai
SLASHED = re.compile(r"\b\d{1,2}/\d{1,2}\b")


@contextmanager
def reading(site: Site, language: str) -> Iterator[None]:
    with site.app.test_request_context(f"/login?lang={language}"):
        site.app.preprocess_request()
        g.now = NOW
        yield


def test_u36_a_moment_of_today_has_its_machine_form_and_the_full_title(site: Site) -> None:
    with reading(site, "zh"):
        tag = str(dates.due_tag(NOW + timedelta(hours=8)))

    assert ">今天 18:00<" in tag
    assert 'datetime="2026-11-22T10:00Z"' in tag
    assert 'title="2026年11月22日(周日)18:00"' in tag


@pytest.mark.parametrize(
    ("apart", "told"),
    [(timedelta(days=1), "明天 18:00"), (timedelta(days=-3), "周四 11-19"), (timedelta(days=20), "12-12"),
     (timedelta(days=60), "2027-01-21")],
)  # fmt: skip
def test_u36_a_day_is_as_short_as_it_can_be_understood(site: Site, apart: timedelta, told: str) -> None:
    with reading(site, "zh"):
        assert dates.moment(NOW + timedelta(hours=8) + apart) == told


def test_u36_english_never_writes_a_day_with_a_slash(site: Site) -> None:
    moments = [NOW + timedelta(days=apart) for apart in range(-40, 400, 7)]
    with reading(site, "en"):
        ways = (dates.moment, dates.full, dates.stamp, dates.day, dates.long_day, dates.time_tag)
        written = [str(way(each)) for way in ways for each in moments]

    assert [each for each in written if SLASHED.search(each)] == []
    assert "25 Nov 2026" in written[0] or any("Nov 2026" in each for each in written)
