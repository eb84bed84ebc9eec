"""Who looks at the page: the signed-in person with roles and settings, as Flask-Login and the templates know them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_login import UserMixin


@dataclass(frozen=True)
class Settings:
    """How the pages treat a person; kept with the person."""

    language: str = ""  # none chosen: that of the sign-in page
    theme: str = "auto"
    density: str = "comfortable"
    size: str = "100"
    keys: bool = True
    phrases: Sequence[str] = ()  # opinions that are one click away; none: those that everybody has
    signature: str = ""  # the file that holds the handwriting


@dataclass(frozen=True)
class Viewer(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """A signed-in person; `session_token` names the row on the server that says so."""

    id: int
    name: str
    number: str = ""
    org: int | None = None
    org_name: str = ""
    title: str = ""
    roles: frozenset[str] = frozenset()
    settings: Settings = field(default_factory=Settings)
    session_token: str = ""

    @property
    def language(self) -> str:
        return self.settings.language

    def may(self, *roles: str) -> bool:
        """Whether the person has one of the roles; no roles asks for nothing."""
        return not roles or not self.roles.isdisjoint(roles)

    def get_id(self) -> Any:
        return self.session_token
