"""Any text over any data: only FEEL's own errors come out (the long runs are in `tests/fuzz`)."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.decisions import dmn, feel
from engine.kernel.errors import BadDefinition
from tests.fuzz import grammar, target

PIECES = st.sampled_from(
    (
        "and", " or ", "not(", "if ", " then ", " else ", "for x in ", " return ", "[", "]", "(", ")", "{", "}", "..",
        ",", ":", ".", '@"', '"', "1", "-", "+", "**", "<", "!=", "x", "item", "?", "a b", "得分", "sum(", "date(",
        "//", "\\", "/*", "＞",
    )
)  # fmt: skip
DATA = st.dictionaries(
    st.sampled_from(["x", "a b", "得分", "a-b", "and", "", " ", "date", "?"]),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text()
        | st.dates()
        | st.datetimes()
        | st.timedeltas(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=5,
    ),
)


@settings(max_examples=100, deadline=None)
@given(st.text() | st.lists(PIECES, max_size=30).map("".join), DATA, st.booleans())
def test_any_text_over_any_data_gives_a_value_or_an_error_of_feel(text: str, data: dict[str, Any], unary: bool) -> None:
    try:
        value = feel.compile(text, names=data, unary=unary)(data)
    except feel.FeelError as error:
        assert error.code.startswith("feel.")
    else:
        assert feel.json_text(value)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_an_expression_of_every_form_ends_within_a_second(data: st.DataObject) -> None:
    text = grammar.expression(lambda count: data.draw(st.integers(0, count - 1)))

    outcome, seconds = target.run(text, unary=False)

    assert outcome == "value" or outcome.startswith("feel.")
    assert seconds < 2  # twice the limit of `tests.fuzz.feel_random`: tests share their cores


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["text", "inputEntry", "typeRef", "variable"]))
@pytest.mark.filterwarnings("ignore")
def test_any_bytes_are_a_model_or_a_bad_definition(noise: str, tag: str) -> None:
    inner = "".join(sign for sign in noise if sign.isprintable())
    for xml in (noise.encode("utf-8", "surrogatepass"), f"<definitions><{tag}>{inner}</{tag}></definitions>".encode()):
        try:
            read = dmn.read(xml)
        except BadDefinition as error:
            assert error.code.startswith("dmn.")
        else:
            assert read.decisions == ()
