"""The document of the API as its page shows it: operations, parameters, fields, an example call."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

DEEPEST = 4
WORDS = {"string": "…", "integer": 1, "number": 1.5, "boolean": True, "null": None, "object": {}, "array": []}


@dataclass(frozen=True)
class Field:
    """A parameter or a field: `depth` says how far inside it lies."""

    name: str
    kind: str
    required: bool
    note: str
    depth: int = 0
    place: str = ""


@dataclass(frozen=True)
class Operation:
    """One operation of the document."""

    id: str
    group: str
    method: str
    path: str
    summary: str
    scopes: tuple[str, ...]
    parameters: tuple[Field, ...]
    takes: tuple[Field, ...]
    gives: tuple[Field, ...]
    example: str


def read(document: Mapping[str, Any]) -> Iterator[Operation]:
    """Every operation in the order of the document."""
    for path, methods in document["paths"].items():
        shared = methods.get("parameters", [])
        for method, said in methods.items():
            if method != "parameters":
                yield _operation(document, path, method, {**said, "parameters": [*shared, *said.get("parameters", [])]})


def _operation(document: Mapping[str, Any], path: str, method: str, said: Mapping[str, Any]) -> Operation:
    parameters = tuple(_parameter(_followed(document, each)) for each in said["parameters"])
    takes = _schema(document, said.get("requestBody"))
    good = next(answer for code, answer in said["responses"].items() if str(code).startswith("2"))
    gives = _schema(document, good)
    return Operation(
        said["operationId"],
        said["tags"][0],
        method.upper(),
        path,
        said.get("summary", ""),
        tuple(said["security"][0]["token"]),
        parameters,
        tuple(_fields(document, takes)),
        tuple(_fields(document, gives)),
        _curl(method.upper(), path, _example(document, takes) if takes else None),
    )


def _parameter(said: Mapping[str, Any]) -> Field:
    schema = said.get("schema", {})
    return Field(said["name"], _kind(schema), said.get("required", False), _note(said, schema), place=said["in"])


def _schema(document: Mapping[str, Any], body: Mapping[str, Any] | None) -> Mapping[str, Any]:
    content = _followed(document, body or {}).get("content", {})
    return _followed(document, content.get("application/json", {}).get("schema", {}))


def _followed(document: Mapping[str, Any], said: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference leads to."""
    while "$ref" in said or (len(said.get("anyOf", ())) and "$ref" in said["anyOf"][0]):
        found: Any = document
        for part in (said.get("$ref") or said["anyOf"][0]["$ref"]).removeprefix("#/").split("/"):
            found = found[part]
        said = found
    return said


def _fields(document: Mapping[str, Any], schema: Mapping[str, Any], depth: int = 0) -> Iterator[Field]:
    if depth >= DEEPEST:
        return
    for name, said in schema.get("properties", {}).items():
        inner = _followed(document, said)
        yield Field(name, _kind(said), name in schema.get("required", ()), _note(said, inner), depth)
        below = _followed(document, inner.get("items", {})) if inner.get("type") == "array" else inner
        yield from _fields(document, below, depth + 1)


def _kind(said: Mapping[str, Any]) -> str:
    if "$ref" in said:
        return str(said["$ref"].rpartition("/")[2])
    if "anyOf" in said:
        return " | ".join(_kind(each) for each in said["anyOf"])
    kind = said.get("type", "any")
    if kind == "array":
        return f"[{_kind(said.get('items', {}))}]"
    listed = " | ".join(map(str, kind)) if isinstance(kind, list) else str(kind)
    return f"{listed} ({said['format']})" if "format" in said else listed


def _note(*said: Mapping[str, Any]) -> str:
    told = []
    for each in said:
        if each.get("description") and each["description"] not in told:
            told.append(each["description"])
        if each.get("enum"):
            told.append(", ".join(str(one) for one in each["enum"] if one is not None))
    return " ".join(dict.fromkeys(told))


def _example(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    made = {}
    for name, said in schema.get("properties", {}).items():
        if name in schema.get("required", ()):
            made[name] = _value(document, _followed(document, said))
    return made


def _value(document: Mapping[str, Any], said: Mapping[str, Any]) -> Any:
    if said.get("enum"):
        return said["enum"][0]
    if said.get("type") == "array":
        return [_value(document, _followed(document, said.get("items", {})))]
    if said.get("properties"):
        return _example(document, said)
    kind = said.get("type", "string")
    return WORDS.get(kind[0] if isinstance(kind, list) else kind, "…")


def _curl(method: str, path: str, body: Any) -> str:
    lines = [f"curl -X {method} $LETTERFLOW{path}", '  -H "Authorization: Bearer $TOKEN"']
    if method != "GET":
        lines.append('  -H "Idempotency-Key: $(uuidgen)"')
    if body is not None:
        text = json.dumps(body, ensure_ascii=False)
        lines += ['  -H "Content-Type: application/json"', f"  -d '{text}'"]
    return " \\\n".join(lines)
