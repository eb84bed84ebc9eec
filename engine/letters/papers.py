"""Everything that a letter says on paper, read in one work so that it can be typeset outside of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.kernel.files import Files
from engine.kernel.work import Work
from engine.letters import access, content, regulations, verifying
from engine.letters.content import Content
from engine.letters.kinds import Party
from engine.letters.letters import LetterView
from engine.letters.regulations import RegulationView
from engine.letters.signatures import SignatureView
from engine.people import orgs, persons
from engine.people.orgs import OrgView
from engine.people.persons import PersonView


@dataclass(frozen=True)
class Paper:
    """One version of a letter as it is printed.

    `sha256` is the fingerprint that was sealed, of the content as it stands while it is a draft.
    `handwriting` holds PNGs by party; `signed_version` is the version that was signed, this one or one before.
    """

    content: Content
    regulation: RegulationView
    sha256: str
    signed: tuple[SignatureView, ...]
    signed_version: LetterView
    handwriting: Mapping[Party, bytes]
    people: Mapping[int, PersonView]
    orgs: Mapping[int, OrgView]

    @property
    def draft(self) -> bool:
        """Whether nothing of it is agreed yet."""
        return self.content.letter.content_sha256 is None


def of(work: Work, files: Files, letter: int, person: int) -> Paper:
    """The letter as this person may print it. Raises NotFound for strangers."""
    head = access.see(work, letter, person)
    whole = content.load(work, letter)
    signed_version, signed = verifying.signed_as(work, head)
    return Paper(
        whole,
        regulations.view(work, head.regulation),
        head.content_sha256 or content.sha256(whole),
        signed,
        signed_version,
        {each.party: files.read(work, each.image) for each in signed if each.image is not None},
        persons.many(work, _persons(whole, signed)),
        orgs.many(work, {each.provider for each in whole.commitments} | _providers(whole)),
    )


def _persons(whole: Content, signed: Iterable[SignatureView]) -> set[int]:
    head = whole.letter
    wanted = [head.party_a, head.party_b, *(item.owner for item in whole.items), *(each.person for each in signed)]
    return {each for each in wanted if each is not None}


def _providers(whole: Content) -> set[int]:
    return {item.data_provider for item in whole.items if item.data_provider is not None}
