"""签署: password again, the handwriting if wanted, the hash of what is signed; then the letter is in force."""

from dataclasses import dataclass

from sqlalchemy import insert, update

from engine.kernel import audit
from engine.kernel.errors import Conflict, InvalidInput, NotAllowed
from engine.kernel.work import Work
from engine.letters import access, content, items, letters, signatures, states
from engine.letters.drafting import tasks
from engine.letters.items import ItemRow
from engine.letters.kinds import Party
from engine.letters.letters import LetterView
from engine.letters.signatures import SignatureRow
from engine.letters.states import ItemState, LetterState
from engine.people import credentials
from engine.workflow.engine import Engine

_NODES = {Party.A: "sign_a", Party.B: "sign_b"}
IMAGE_NAME = "signature.png"


@dataclass(frozen=True)
class Pen:
    """With what somebody signs: the password again, the hash that was read, the handwriting as PNG (None without)."""

    password: str
    content_sha256: str
    image: bytes | None = None
    address: str = ""


def sign(engine: Engine, letter: int, pen: Pen, *, actor: int) -> LetterView:
    """The person's signature for their side; the process's signing task is done with it.

    Raises NotAllowed for a wrong password or a person who is no party, Conflict when the content is not what was read
    or this side has signed.
    """
    credentials.confirm(engine.start_work, actor, pen.password, pen.address)
    with engine.start_work() as work:
        known = access.see(work, letter, actor)
        tasks.hold(work, known.instance)
        known = letters.lock(work, letter)
        for party in parties_of(known, actor):
            _sign(engine, work, known, party, pen, actor)
        work.commit()
        return letters.view(work, letter)


def parties_of(letter: LetterView, person: int) -> list[Party]:
    """The sides for which this person signs. Raises NotAllowed when there is none."""
    sides = [party for party, who in ((Party.B, letter.party_b), (Party.A, letter.party_a)) if who == person]
    if not sides:
        raise NotAllowed("letter.no_party", f"only the two parties sign letter {letter.no}", no=letter.no)
    return sides


def _sign(  # noqa: PLR0913, PLR0917  (who signs what with which pen)
    engine: Engine, work: Work, known: LetterView, party: Party, pen: Pen, actor: int
) -> None:
    if known.status is not LetterState.SIGNING:
        raise Conflict(
            "letter.not_signing", f"letter {known.no} is {known.status}: it is not open for signing", no=known.no
        )
    sealed = content.sha256(content.load(work, known.id))
    if sealed not in (pen.content_sha256, "") or sealed != known.content_sha256:
        raise Conflict("letter.content", f"letter {known.no} is not what was read: read it again", sha256=sealed)
    if any(each.party is party for each in signatures.of(work, known.id)):
        raise Conflict("letter.signed", f"this side has signed letter {known.no} already", party=party)
    image = engine.files.keep(work, IMAGE_NAME, pen.image, actor=actor).id if pen.image else None
    values = {"letter_id": known.id, "party": party, "person_id": actor, "at": work.now, "content_sha256": sealed}
    work.session.execute(insert(SignatureRow).values(**values, image=image))
    detail = {"party": party, "sha256": sealed, "image": image}
    audit.append(work, letters.stream(known.id), "letter.signed", actor=actor, detail=detail)
    task = tasks.find(work, known.instance, _NODES[party])
    if task is not None:
        tasks.done(engine, work, task, actor, signature={"sha256": sealed, "image": image})


def activate(work: Work, letter: int) -> LetterView:
    """SIGNING → EFFECTIVE once both sides have signed; the version before it is SUPERSEDED, its items start.

    Raises InvalidInput while a signature is missing. A second call changes nothing.
    """
    known = letters.lock(work, letter)
    if known.status in states.ACTIVE:
        return known
    signed = {each.party for each in signatures.of(work, letter)}
    missing = sorted({Party.A, Party.B} - signed)
    if missing:
        raise InvalidInput(
            "letter.unsigned", f"letter {known.no} lacks the signature of party {', '.join(missing)}", parties=missing
        )
    return put_in_force(work, known, actor=None)


def put_in_force(work: Work, known: LetterView, *, actor: int | None) -> LetterView:
    """The one version in force from now on; the one before is superseded first, since there may be only one."""
    before = letters.active(work, known.org, known.level, known.period)
    if before is not None:
        letters.move(work, before, LetterState.SUPERSEDED, actor=actor, detail={"by": known.no})
    sealed = {"sha256": known.content_sha256}
    moved = letters.move(work, known, LetterState.EFFECTIVE, actor=actor, detail=sealed, effective_at=work.now)
    started = update(ItemRow).where(ItemRow.letter_id == known.id, ItemRow.status == ItemState.PLANNED)
    if before is None:
        work.session.execute(started.values(status=ItemState.IN_PROGRESS))
    return moved


def void(work: Work, letter: int, reason: str, *, actor: int | None) -> LetterView:
    """The letter is worth nothing: before it is in force, or by the committee. A second call changes nothing."""
    known = letters.lock(work, letter)
    if known.status is LetterState.VOID:
        return known
    moved = letters.move(work, known, LetterState.VOID, actor=actor, detail={"reason": reason}, ended_at=work.now)
    for item in items.of(work, letter):
        if ItemState.DELETED in states.ITEM_MOVES[item.status]:
            work.session.execute(update(ItemRow).where(ItemRow.id == item.id).values(status=ItemState.DELETED))
    return moved
