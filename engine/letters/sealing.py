"""Sealing: the moment from which a letter's content no longer changes, its fingerprint and the code on its paper."""

from dataclasses import dataclass

from engine.kernel.ids import random_id
from engine.letters import content
from engine.letters.content import Content


@dataclass(frozen=True)
class Seal:
    """What a letter carries once its content is final; the names are those of its columns."""

    content_sha256: str
    verify_code: str


def seal(whole: Content) -> Seal:
    """The fingerprint of the content as it is, and a code of 128 bits that nobody can guess."""
    return Seal(content.sha256(whole), random_id())
