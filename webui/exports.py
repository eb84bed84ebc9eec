"""Lists as workbooks: a view marked with `@exports.listed` returns its rows, what is sent is an xlsx of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Flask, Response, current_app, g, request, url_for

from engine.kernel import list_book, sheets
from engine.kernel.clock import local
from webui.current import viewer
from webui.i18n import gettext as _

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
LONGEST_SHEET_NAME = 31
SHAPES = {"two": "#,##0.00", "percent": '0.00"%"', "number": "#,##0.####"}

Value = Callable[[Any], Any]


@dataclass(frozen=True)
class Column:
    """A heading (a lazy text) and what stands below it for one row of the list.

    A value is a number, a date, an aware moment (shown as local time) or a text; None leaves the cell empty.
    `shape` is `two`, `number` or `percent` for figures.
    """

    heading: Any
    value: Value
    width: int = 16
    shape: str = ""


@dataclass(frozen=True)
class Export:
    """What a view sends: `title` (a lazy text) names the sheet and the file."""

    title: Any
    columns: tuple[Column, ...]


def listed(title: Any, *columns: Column) -> Callable[[Callable[..., Iterable[Any]]], Callable[..., Response]]:
    """Mark a view that returns rows: it sends them as a workbook, as they are asked for by the page's own filter.

    The rows may be a generator; no more than `list_book.MOST` are taken. Stands below `route` and `access.roles`.
    """
    export = Export(title, columns)

    def mark(view: Callable[..., Iterable[Any]]) -> Callable[..., Response]:
        @wraps(view)
        def send(*given: Any, **named: Any) -> Response:
            return answer(export, view(*given, **named))

        send.export = export  # type: ignore[attr-defined]  # functions carry attributes
        return send

    return mark


def answer(export: Export, rows: Iterable[Any]) -> Response:
    """The rows as a workbook to save."""
    title = str(export.title)
    response = Response(_book(export, rows), mimetype=XLSX)
    name = f"{title}-{local(g.now):%Y%m%d-%H%M}.xlsx"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def address(endpoint: str, **values: Any) -> str:
    """Where the workbook of the list on this page is: the page's own arguments go with it, so does its filter."""
    given: Mapping[str, Any] = {**(request.view_args or {}), **request.args.to_dict(flat=False), **values}
    return url_for(endpoint, **{name: value for name, value in given.items() if name != "from"})


def declared() -> Mapping[str, Export]:
    """Every export of the running application by its endpoint."""
    views: Mapping[str, Any] = current_app.view_functions
    return {name: view.export for name, view in views.items() if hasattr(view, "export")}


def install(app: Flask) -> None:
    """Give the templates `export_address`."""
    app.jinja_env.globals.update(export_address=address)


def _book(export: Export, rows: Iterable[Any]) -> bytes:
    title = str(export.title).translate(NOT_IN_SHEET_NAMES)[:LONGEST_SHEET_NAME]
    columns = tuple(
        sheets.Column(str(number), str(each.heading), "figure", width=each.width, shape=SHAPES.get(each.shape, ""))
        for number, each in enumerate(export.columns)
    )
    lines = ({str(number): _cell(each.value(row)) for number, each in enumerate(export.columns)} for row in rows)
    cut = _("Only the first %(num)s lines are here: narrow the filter for the rest.", num=f"{list_book.MOST:,}")
    return list_book.write(sheets.Sheet(title, columns), lines, about=(_("About this list"), _about(title)), cut=cut)


def _about(title: str) -> Sequence[tuple[str, Any]]:
    return (
        (_("List"), title),
        (_("As of"), local(g.now)),
        (_("Written for"), viewer().name),
        (_("Filter"), request.query_string.decode() or _("none")),
    )


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return local(value)
    return (_("yes") if value else _("no")) if isinstance(value, bool) else value
