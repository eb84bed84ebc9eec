"""Mail: whoever is told something gets it by mail as well; one parcel a person, delivered by the outbox."""

import hashlib
import smtplib
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from engine.kernel.config import Mail
from engine.kernel.errors import Unavailable
from engine.kernel.work import Work
from engine.notices import outbox
from engine.notices.channels import Told
from engine.notices.outbox import Parcel

NAME = "mail"
PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class Recipient:
    """Where mail of a person goes, and in which language."""

    address: str
    language: str


Recipients = Callable[[Work, Sequence[int]], Mapping[int, Recipient]]
"""Those of the persons who have an address."""
Wording = Callable[[Mapping[str, Any]], tuple[str, str]]
"""Subject and text of a payload, in its language."""


@dataclass
class MailChannel:
    """Writes one parcel for each person who has an address."""

    recipients: Recipients
    name: str = NAME

    def put(self, work: Work, persons: Sequence[int], told: Told) -> None:
        for person, recipient in self.recipients(work, persons).items():
            said = {"kind": told.kind, "fields": dict(told.fields), "link": told.link, "language": recipient.language}
            outbox.put(
                work,
                key=f"mail:{told.key}:{person}",
                channel=NAME,
                recipient=recipient.address,
                payload=said,
                not_before=told.not_before,
            )


@dataclass(frozen=True)
class Mailer:
    """Hands a parcel to the mail server. Its key becomes the Message-ID: a second try is the same mail."""

    mail: Mail
    wording: Wording
    connect: Callable[..., Any] | None = None  # a server of the test's own

    def __call__(self, parcel: Parcel) -> None:
        message = self.message(parcel)
        try:
            with self._connected() as server:
                if self.mail.user:
                    server.login(self.mail.user, self.mail.password)
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            text = f"{self.mail.server}:{self.mail.port} did not take the mail: {error}"
            raise Unavailable("mail.refused", text, server=self.mail.server) from error

    def message(self, parcel: Parcel) -> EmailMessage:
        """The mail as it is sent."""
        subject, text = self.wording(parcel.payload)
        made = EmailMessage()
        made["Subject"] = " ".join(subject.split())  # a line break would begin another header
        made["From"] = self.mail.sender
        made["To"] = parcel.recipient
        made["Message-ID"] = f"<{hashlib.sha256(parcel.key.encode()).hexdigest()[:32]}@letterflow>"
        made["Auto-Submitted"] = "auto-generated"
        made.set_content(text)
        return made

    def _connected(self) -> Any:
        if self.connect is not None:
            return self.connect(self.mail.server, self.mail.port)
        context = ssl.create_default_context()
        if self.mail.security == "tls":
            return smtplib.SMTP_SSL(self.mail.server, self.mail.port, timeout=PATIENCE_SECONDS, context=context)
        server = smtplib.SMTP(self.mail.server, self.mail.port, timeout=PATIENCE_SECONDS)
        if self.mail.security == "starttls":
            server.starttls(context=context)
        return server
