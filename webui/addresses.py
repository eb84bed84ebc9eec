"""Numbers in addresses: what no database counts up to is not there."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**63 - 1


class IdConverter(IntegerConverter):
    """`<int:…>`: a larger number is an unknown address, not a fault of the database."""

    def __init__(self, url_map: Map, fixed_digits: int = 0, most: int = LARGEST) -> None:
        super().__init__(url_map, fixed_digits, max=most)


def install(app: Flask) -> None:
    """Let every address of the application use it."""
    app.url_map.converters["int"] = IdConverter
