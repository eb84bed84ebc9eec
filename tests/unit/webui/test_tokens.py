"""U10: the colours of tokens.css can be read and told apart, in both themes, by everybody's eyes."""

import itertools
import math
import re
from collections.abc import Mapping

import pytest

from tests.paths import ROOT

Colour = tuple[float, float, float]

TOKENS = (ROOT / "webui" / "frontend" / "src" / "css" / "tokens.css").read_text(encoding="utf-8")
LEVELS = ("blue", "yellow", "orange", "red")
HUES = (*LEVELS, "green")
SURFACES = ("page", "surface", "raised", "sel")
# Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB
VISIONS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def theme(name: str) -> Mapping[str, str]:
    """The colours of a theme; what the dark one does not name is the light one's."""
    light, dark = TOKENS.split('[data-bs-theme="dark"]', 1)
    found = dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6})", light))
    if name == "dark":
        found |= dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6})", dark))
    return found


def linear(colour: str) -> Colour:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance."""
    low, high = sorted(
        sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True)) for c in (one, other)
    )
    return (high + 0.05) / (low + 0.05)


def seen(colour: str, vision: str) -> Colour:
    """The colour in CIELAB as this eye has it."""
    rgb = [min(1.0, max(0.0, sum(a * b for a, b in zip(row, linear(colour), strict=True)))) for row in VISIONS[vision]]
    weights = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
    xyz = [sum(a * b for a, b in zip(row, rgb, strict=True)) for row in weights]
    x, y, z = (_root(part / white) for part, white in zip(xyz, (0.95047, 1.0, 1.08883), strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(part: float) -> float:
    return part ** (1 / 3) if part > (6 / 29) ** 3 else part / (3 * (6 / 29) ** 2) + 4 / 29


def apart(one: Colour, other: Colour) -> float:
    """CIEDE2000 (Sharma, Wu, Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = math.degrees(math.atan2(b1, a1)) % 360, math.degrees(math.atan2(b2, a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    hue = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    middle = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    t = (
        1
        - 0.17 * _cos(middle - 30)
        + 0.24 * _cos(2 * middle)
        + 0.32 * _cos(3 * middle + 6)
        - 0.2 * _cos(4 * middle - 63)
    )
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    sl = 1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2)
    sc, sh = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    twist = (
        -math.sin(math.radians(60 * math.exp(-(((middle - 275) / 25) ** 2))))
        * 2
        * math.sqrt(chroma**7 / (chroma**7 + 25**7))
    )
    dl, dc, dh = (l2 - l1) / sl, (c2 - c1) / sc, hue / sh
    return math.sqrt(dl**2 + dc**2 + dh**2 + twist * dc * dh)


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))


def test_the_measure_of_difference_is_that_of_the_published_pairs() -> None:
    assert apart((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert apart((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387)) == pytest.approx(1.2644, abs=1e-4)
    assert apart((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514)) == pytest.approx(0.9082, abs=1e-4)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_u10_texts_stand_out_from_what_they_are_written_on(name: str) -> None:
    colours = theme(name)

    pairs = [(text, ground) for text in ("ink", "muted", "link") for ground in SURFACES]
    pairs += [(f"{hue}-text", f"{hue}-tint") for hue in HUES] + [("on-primary", "primary")]
    faint = {pair: contrast(*(colours[each] for each in pair)) for pair in pairs}

    assert {pair: ratio for pair, ratio in faint.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("name", ["light", "dark"])
def test_u10_borders_of_controls_and_the_focus_stand_out(name: str) -> None:
    colours = theme(name)

    pairs = [(line, ground) for line in ("line-strong", "focus") for ground in SURFACES]
    pairs += [(f"{hue}-line", f"{hue}-tint") for hue in HUES]
    faint = {pair: contrast(*(colours[each] for each in pair)) for pair in pairs}

    assert {pair: ratio for pair, ratio in faint.items() if ratio < 3} == {}


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("name", ["light", "dark"])
def test_u10_levels_are_told_apart_by_every_eye(name: str, vision: str) -> None:
    colours = theme(name)

    near = {
        (one, other): apart(seen(colours[one], vision), seen(colours[other], vision))
        for one, other in itertools.combinations(LEVELS, 2)
    }

    assert {pair: distance for pair, distance in near.items() if distance < 12} == {}
