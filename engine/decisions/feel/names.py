"""Names with spaces and signs: which ones are known where, and what an unknown one may have meant."""

from collections.abc import Iterable
from difflib import get_close_matches

from engine.decisions.feel.lexer import Token, words

KEYWORDS = frozenset(
    {
        "and",
        "between",
        "else",
        "every",
        "external",
        "false",
        "for",
        "function",
        "if",
        "in",
        "instance",
        "null",
        "or",
        "return",
        "satisfies",
        "some",
        "then",
        "true",
    }
)


class KnownNames:
    """The names that can be met at a place; those of several words are matched longest first."""

    def __init__(self, names: Iterable[str] = (), parent: "KnownNames | None" = None) -> None:
        self.parent = parent
        self.single: set[str] = set()
        self.compound: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Make one more name known here."""
        if name.isidentifier():
            self.single.add(name)
            return
        parts = words(name)
        if len(parts) == 1:
            self.single.add(name)
        elif parts:
            self.compound.setdefault(parts[0], []).append((parts, name))

    def longest(self, found: list[Token], at: int) -> tuple[str, int] | None:
        """The longest compound name that starts at the token, and how many tokens it takes."""
        best: tuple[str, int] | None = None
        level: KnownNames | None = self
        while level is not None:
            for parts, name in level.compound.get(found[at].text, ()):
                size = len(parts)
                if (best is None or size > best[1]) and _spelled(found, at, parts):
                    best = name, size
            level = level.parent
        return best

    def knows(self, name: str) -> bool:
        """Whether the name is known here or outside."""
        level: KnownNames | None = self
        while level is not None:
            if name in level.single or any(name == known for _, known in level.compound.get(words(name)[0], ())):
                return True
            level = level.parent
        return False


def _spelled(found: list[Token], at: int, parts: tuple[str, ...]) -> bool:
    return at + len(parts) < len(found) and all(found[at + i].text == part for i, part in enumerate(parts))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like this one, None when nothing is near."""
    candidates = [candidate for candidate in known if candidate != name]
    close = get_close_matches(name, candidates, n=1, cutoff=0.6)
    if close:
        return close[0]
    containing = [candidate for candidate in candidates if len(name) > 1 and (name in candidate or candidate in name)]
    return min(containing, key=lambda candidate: abs(len(candidate) - len(name)), default=None)
