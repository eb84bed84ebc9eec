"""Numbers and sums as they stand on paper (`ux.md` §3.3): thousands, decimals as stored, 大写 for single sums."""

from decimal import ROUND_HALF_UP, Decimal

from flask import Flask

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")
CENT = Decimal("0.01")
SUMS = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}


def install(app: Flask) -> None:
    """Make the filters known to the templates."""
    app.jinja_env.filters.update(number=number, two=two, capital=capital, initials=initials)


def number(value: Decimal | int | None) -> str:
    """`10,000`, `3.25`; empty is `—`, zero is `0`."""
    return "—" if value is None else f"{Decimal(value).normalize():,f}"


def two(value: Decimal | int | None) -> str:
    """Two decimals, for weights and scores: `25.00`."""
    return "—" if value is None else f"{Decimal(value).quantize(CENT, ROUND_HALF_UP):,f}"


def capital(value: Decimal) -> str:
    """A sum of money in capital numerals: 1409.50 → `人民币壹仟肆佰零玖元伍角`."""
    cents = int((abs(value) * 100).to_integral_value(ROUND_HALF_UP))
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    whole = _whole(yuan) + "元" if yuan else ""
    tail = DIGITS[jiao] + "角" if jiao else ("零" if fen and yuan else "")
    tail += DIGITS[fen] + "分" if fen else ""
    sign = "负" if value < 0 else ""
    return f"人民币{sign}{whole or ('' if tail else '零元')}{tail or '整'}"


def capital_in(value: Decimal | None, unit: str) -> str:
    """A sum in capital numerals where its unit is one of money; empty for everything else."""
    return capital(value * SUMS[unit]) if value is not None and unit in SUMS else ""


def initials(name: str) -> str:
    """What stands in a person's round picture: the last two characters of a Chinese name, else two letters."""
    if name.isascii():
        return "".join(part[0] for part in name.split()[:2]).upper()
    return name[-2:]


def _whole(yuan: int) -> str:
    text, group, gap = "", 0, False
    while yuan:
        yuan, part = divmod(yuan, 10_000)
        if part:
            text = _group(part) + GROUPS[group] + ("零" if gap and text and not text.startswith("零") else "") + text
            gap = part < 1000 and yuan > 0
        else:
            gap = bool(text)
        if gap and part and part < 1000:
            text = "零" + text
            gap = False
        group += 1
    return text


def _group(part: int) -> str:
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = part // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + PLACES[place]
            gap = False
        else:
            gap = True
    return text
