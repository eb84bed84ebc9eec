"""Persons as a form names them: a number, a name that only one has, or what the list of suggestions writes."""

from engine.kernel.errors import InvalidInput
from engine.kernel.work import Work
from engine.people import persons
from webui.current import engine


def one(said: str, field: str = "to") -> int:
    """The person that is meant. Raises InvalidInput `person.unclear` at `field`."""
    found = several(said, field)
    if len(found) != 1:
        raise _nobody(said, field)
    return found[0]


def perhaps(said: str | None, field: str = "to") -> int | None:
    """The same where nobody may be meant: an empty text is None."""
    return one(said, field) if said and said.strip() else None


def several(said: str, field: str = "to") -> tuple[int, ...]:
    """Persons by number, or by a name that only one has; several stand apart by a comma or 、."""
    parts = [part.strip() for part in said.replace("、", ",").replace("，", ",").split(",") if part.strip()]
    with engine().start_work(reading=True) as work:
        return tuple(_find(work, part, field) for part in parts)


def written(person: persons.PersonView | None) -> str:
    """A person as the list of suggestions writes them."""
    return "" if person is None else f"{person.name} ({person.number})"


def _find(work: Work, said: str, field: str) -> int:
    number = said.rsplit("(", 1)[-1].rstrip(")") if said.endswith(")") else said
    known = persons.find(work, number)
    if known is not None:
        return known.id
    same = [each for each in persons.search(work, said) if said in {each.name, each.pinyin}]
    if len(same) != 1:
        raise _nobody(said, field)
    return same[0].id


def _nobody(said: str, field: str) -> InvalidInput:
    text = f"'{said}' names nobody, or more than one: choose from the list"
    return InvalidInput("person.unclear", text, field=field, name=said)
