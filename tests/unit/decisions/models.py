"""Small decision models as XML, for tests."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def table(
    rows: Sequence[Sequence[str]],
    *,
    inputs: Sequence[str] = ("x",),
    outputs: Sequence[str] = ("y",),
    policy: str = "UNIQUE",
    aggregation: str = "",
    values: str = "",
    default: str = "",
    kinds: Sequence[str] = (),
    allowed: str = "",
) -> str:
    """A decision table; each row has the input cells, the output cells, then annotations."""
    size = len(inputs) + len(outputs)
    columns = "".join(
        f'<input id="in{at}" label="{name}"><inputExpression typeRef="{kinds[at] if kinds else ""}"><text>{name}</text>'
        f"</inputExpression>{f'<inputValues><text>{escape(allowed)}</text></inputValues>' if allowed else ''}</input>"
        for at, name in enumerate(inputs)
    )
    columns += "".join(
        f'<output id="out{at}" name="{name}">'
        f"{f'<outputValues><text>{escape(values)}</text></outputValues>' if values else ''}"
        f"{f'<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>' if default else ''}</output>"
        for at, name in enumerate(outputs)
    )
    if any(len(row) > size for row in rows):
        columns += '<annotation name="依据"/>'
    rules = "".join(_rule(at, row, len(inputs), size) for at, row in enumerate(rows, 1))
    kind = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable id="t" hitPolicy="{policy}"{kind}>{columns}{rules}</decisionTable>'


def _rule(at: int, row: Sequence[str], inputs: int, size: int) -> str:
    cells = "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in row[:inputs])
    cells += "".join(f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in row[inputs:size])
    cells += "".join(f"<annotationEntry><text>{escape(cell)}</text></annotationEntry>" for cell in row[size:])
    return f'<rule id="r{at}">{cells}</rule>'


def decision(logic: str, *, name: str = "d", requires: str = "", kind: str = "") -> str:
    """A decision with its logic; `requires` holds requirement elements."""
    return f'<decision id="{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/>{requires}{logic}</decision>'


def literal(text: str) -> str:
    """A literal expression."""
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def requirement(kind: str, target: str) -> str:
    """An arrow from `target`; kind is Decision, Input or Knowledge."""
    outer = "knowledgeRequirement" if kind == "Knowledge" else "informationRequirement"
    return f'<{outer}><required{kind} href="#{target}"/></{outer}>'


def model(*parts: str, namespace: str = "urn:test", name: str = "test", before: str = "") -> bytes:
    """A whole file."""
    body = "".join(parts)
    return (
        f'{before}<definitions xmlns="{NAMESPACE}" name="{name}" namespace="{namespace}">{body}</definitions>'.encode()
    )
