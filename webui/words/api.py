"""What the interface for programs refuses, and what its tokens are called."""

from webui.i18n import lazy_gettext as _l

WORDS = {
    "api.role": _l("This is for other roles: %(roles)s"),
    "request.after": _l("There is no such page: begin with the first"),
    "request.busy": _l("The same request is being worked on: ask again in a moment"),
    "request.fields": _l("%(name)s: %(sentence)s"),
    "request.key": _l("An Idempotency-Key has 1 to %(most)s characters"),
    "request.key_used": _l("The key %(key)s came with another request before: use a new key for a new request"),
    "request.size": _l("A number is too large, or values are nested too deep: send less"),
    "request.signs": _l("A text holds a sign that cannot be kept: leave it out"),
    "token.days": _l("A token lives 1 to %(most)s days: choose fewer"),
    "token.many": _l("You have %(most)s tokens already: revoke one first"),
    "token.name": _l("Give the token a name of 1 to 80 characters"),
    "token.scope": _l("Choose at least one of: %(known)s"),
    "token.scope_missing": _l("This token may not do that; it needs the scope: %(scopes)s"),
    "token.unknown": _l("There is nothing here for you."),
    "work.failed": _l("The program “%(worker)s” gave up after %(failures)s tries: %(error)s"),
    "work.lost": _l("The lease of this work has ended or somebody else has it: drop it and fetch again"),
    "work.over": _l("This work is over, its task or its instance has ended: drop it"),
    "work.unknown": _l("There is nothing here for you."),
    "act.work.failed": _l("a program failed"),
    "act.work.error": _l("a program reported an error"),
    "scope.read": _l("read everything that you may see"),
    "scope.tasks": _l("see your tasks and act on them"),
    "scope.letters": _l("see letters, write drafts, report progress"),
    "scope.start": _l("start processes and send messages"),
    "scope.worker": _l("fetch and complete work for programs"),
    "scope.admin": _l("suspend, resume and cancel instances, retry incidents, choose versions"),
    "act.token.created": _l("created a token"),
    "act.token.revoked": _l("revoked a token"),
}
