"""Marks where the next page of a list begins: always behind the last row seen, never a count of rows."""

from engine.kernel.errors import InvalidInput


def number(after: str | None) -> int | None:
    """The id behind which a page begins, None for the first page. Raises InvalidInput for what is no mark."""
    if after is None:
        return None
    if not after.isascii() or not after.isdigit() or len(after) > 18:
        raise InvalidInput("request.after", "this page does not exist: start from the first", field="after")
    return int(after)
