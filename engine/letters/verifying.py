"""What a stranger with a paper in hand may learn: which letter, who signed it when, and whether that still holds."""

from dataclasses import dataclass

from engine.kernel import audit_proof
from engine.kernel.audit_proof import Break
from engine.kernel.work import Work
from engine.letters import content, letters, signatures
from engine.letters.letters import LetterView
from engine.letters.signatures import SignatureView
from engine.people import persons
from engine.people.persons import PersonView


@dataclass(frozen=True)
class Verified:
    """A sealed letter looked up by the code on its paper.

    `signed` belongs to `signed_version`: a version that an adjustment made carries the signatures of the one before.
    `sha256` is the fingerprint of the content as it is now, `breaks` what of its history is not as it was written.
    """

    letter: LetterView
    org_name: str
    signed: tuple[SignatureView, ...]
    signed_version: LetterView
    people: dict[int, PersonView]
    sha256: str
    breaks: tuple[Break, ...]
    in_force: LetterView | None

    @property
    def unchanged(self) -> bool:
        """Whether the content is what was sealed, and what was signed is what was sealed then."""
        sealed = self.signed_version.content_sha256
        return self.sha256 == self.letter.content_sha256 and all(each.content_sha256 == sealed for each in self.signed)

    @property
    def holds(self) -> bool:
        """Whether content, signatures and history all are as they were written."""
        return self.unchanged and not self.breaks


def of_code(work: Work, code: str) -> Verified:
    """The letter whose paper carries the code, compared with everything that was kept of it. Raises NotFound."""
    found = letters.of_code(work, code)
    whole = content.load(work, found.id)
    signed_version, signed = signed_as(work, found)
    wanted = {each.person for each in signed} | {each for each in (found.party_a, found.party_b) if each is not None}
    return Verified(
        found,
        whole.org.name,
        signed,
        signed_version,
        dict(persons.many(work, wanted)),
        content.sha256(whole),
        tuple(audit_proof.breaks(work, letters.stream(found.id))),
        letters.active(work, found.org, found.level, found.period),
    )


def signed_as(work: Work, letter: LetterView) -> tuple[LetterView, tuple[SignatureView, ...]]:
    """The version whose signatures count for this one, and they: its own, else those of the version it came from."""
    known, signed = letter, signatures.of(work, letter.id)
    while not signed and known.previous is not None:
        known = letters.view(work, known.previous)
        signed = signatures.of(work, known.id)
    return (known, signed) if signed else (letter, ())
