"""How a Chinese name is typed on a keyboard: full pinyin and initials, for search."""

from pypinyin import Style, lazy_pinyin


def pinyin(name: str) -> str:
    """The whole name in pinyin without tones or gaps: 李建国 → `lijianguo`."""
    return "".join(lazy_pinyin(name)).lower().replace(" ", "")


def initials(name: str) -> str:
    """The first letters of its syllables: 城东项目部 → `cdxmb` (`ux.md` U26)."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower().replace(" ", "")
