"""Rule 6: nobody goes into approval while another organisation still has to answer (REQ-079)."""

from collections.abc import Iterator

from engine.kernel.findings import Finding
from engine.letters.content import Content
from engine.letters.draft_rules.remarks import on_item


def check(content: Content) -> Iterator[Finding]:
    """Promises that are neither given nor before the leader in charge."""
    by_id = {item.id: item for item in content.items}
    for each in content.commitments:
        if each.open and each.escalated_at is None and each.item in by_id:
            yield on_item(
                content,
                by_id[each.item],
                "6.open",
                f"the promise '{each.content}' has no answer",
                "wait for it, or put it before the leader in charge",
                commitment=each.id,
                promise=each.content,
            )
