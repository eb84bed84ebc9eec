"""Mail in words: who gets it where and in which language, and how a notice reads as a mail."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import flask_babel
from flask import Flask

from engine.kernel.config import Config
from engine.kernel.work import Work
from engine.notices import channels
from engine.notices.mail import NAME, MailChannel, Mailer, Recipient
from engine.notices.outbox import Sender
from engine.people import persons, preferences
from webui.i18n import DEFAULT, LANGUAGES
from webui.i18n import gettext as _
from webui.words import word


def join(config: Config, senders: dict[str, Sender]) -> None:
    """Switch mail on where a server is configured."""
    if not config.mail.server:
        channels.close(NAME)
        return
    channels.register(MailChannel(recipients))
    senders[NAME] = Mailer(config.mail, partial(wording, config.server.address))


def recipients(work: Work, wanted: Sequence[int]) -> Mapping[int, Recipient]:
    """Those of the persons who are here and have an address."""
    known = persons.many(work, wanted)
    here = [each for each in known.values() if each.active and each.email]
    return {each.id: Recipient(each.email, _language(work, each.id)) for each in here}


def wording(address: str, payload: Mapping[str, Any]) -> tuple[str, str]:
    """The notice's sentence as subject; below it the way to what it speaks of (`address` is this installation's)."""
    with _speaking().app_context(), flask_babel.force_locale(payload.get("language", DEFAULT)):
        subject = word(f"notice.{payload['kind']}", **payload.get("fields", {}))
        way = f"{address.rstrip('/')}{payload['link']}" if address else _("Open it in Letterflow.")
        foot = _("Sent by Letterflow; what you are told by mail is chosen in your settings.")
        return subject, f"{subject}\n\n{way}\n\n-- \n{foot}\n"


def _language(work: Work, person: int) -> str:
    chosen = str(preferences.read(work, person).get("language") or DEFAULT)
    return chosen if chosen in LANGUAGES else DEFAULT


@lru_cache(maxsize=1)
def _speaking() -> Flask:
    """The catalogues without a request: mail is written by workers."""
    app = Flask("letterflow.mail")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(Path(__file__).parent / "translations")
    flask_babel.Babel(app, default_locale=DEFAULT, default_timezone="Asia/Shanghai")
    return app
