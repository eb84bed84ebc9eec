"""评论: what people say on a task without deciding; whom they name with @ is told and may look (`ux.md` §4.4)."""

import re

from engine.approvals import copies, nodes, rows, saying
from engine.approvals.saying import Said
from engine.kernel.errors import InvalidInput, NotFound
from engine.kernel.work import Work
from engine.notices import notices
from engine.people import persons
from engine.workflow.engine import Engine

LONGEST = 2000
MOST_NAMED = 10
_NAMED = re.compile(r"@([\w·.-]{1,60})")


def say(engine: Engine, task_id: int, actor: int, text: str) -> tuple[int, ...]:
    """Keeps a comment in the record of the instance; the persons whom it names. Raises InvalidInput, NotFound.

    Whether the actor may see the instance is for the caller to know. A name that nobody has, or several, stays a text.
    """
    said = text.strip()
    if not said or len(said) > LONGEST:
        raise InvalidInput("comment.text", f"write 1 to {LONGEST} characters", field="comment", most=LONGEST)
    with engine.start_work() as work:
        node = rows.load(work, task_id)
        if node is None:
            raise NotFound("task.unknown", "there is no such task", task=task_id)
        named = tuple(person for person in _named(work, said) if person != actor)
        saying.record(work, node, Said("COMMENT", actor, opinion=said, detail={"to": list(named)} if named else None))
        copies.give(work, node.instance_id, _strangers(node, named), note=said[:200], by=actor)
        told = {"title": node.title, "name": node.name, "by": actor, "text": said[:200]}
        key = f"task:{task_id}:comment:{actor}:{work.now.isoformat()}"
        notices.notify(work, named, "task.mentioned", told, link=nodes.link_of(task_id), key=key)
        work.commit()
    return named


def _named(work: Work, text: str) -> list[int]:
    """Whom the text names; Chinese runs on without a blank, hence the longest beginning that is a name counts."""
    found: list[int] = []
    for word in dict.fromkeys(_NAMED.findall(text)[:MOST_NAMED]):
        person = _longest_name(work, word)
        if person is not None and person not in found:
            found.append(person)
    return found


def _longest_name(work: Work, word: str) -> int | None:
    for length in range(len(word), 1, -1):
        same = [each.id for each in persons.search(work, word[:length]) if each.name == word[:length]]
        if same:
            return same[0] if len(same) == 1 else None
    return None


def _strangers(node: rows.Node, named: tuple[int, ...]) -> list[int]:
    known = {each.person for each in node.assignments} | {node.starter}
    return [person for person in named if person not in known]
