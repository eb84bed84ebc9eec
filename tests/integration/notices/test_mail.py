"""Mail, on both databases: one parcel a person, in their language, tried again when the server does not answer."""

from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import partial
from typing import Any

import pytest

from engine.kernel.config import Config, Mail
from engine.kernel.errors import Unavailable
from engine.kernel.work import Store
from engine.notices import channels, outbox
from engine.notices.channels import Told
from engine.notices.mail import MailChannel, Mailer
from engine.notices.outbox import Parcel, Sender
from engine.people import persons, preferences
from engine.people.persons import NewPerson
from webui import mailing

MAIL = Mail(server="mail.example", sender="letterflow@example.cn", user="letterflow", password="secret")
TOLD = Told("letter.effective", {"no": "ZRS-1"}, "/letters/1", "letter:1:effective")
PAYLOAD = {"kind": TOLD.kind, "fields": dict(TOLD.fields), "link": TOLD.link, "language": "en"}


@dataclass
class Server:
    """A mail server that keeps what it is given, or does not answer."""

    answers: bool = True
    taken: list[EmailMessage] = field(default_factory=list)
    users: list[str] = field(default_factory=list)

    def __call__(self, *_place: Any) -> "Server":
        if not self.answers:
            raise ConnectionRefusedError("connection refused")
        return self

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def login(self, user: str, _password: str) -> None:
        self.users.append(user)

    def send_message(self, message: EmailMessage) -> None:
        self.taken.append(message)


def _mailer(server: Server) -> Mailer:
    return Mailer(MAIL, partial(mailing.wording, "https://letters.example.cn"), connect=server)


def _people(store: Store) -> list[int]:
    with store.start_work() as work:
        new = [("1", "李建国", "li@example.cn"), ("2", "Ann", "ann@example.cn"), ("3", "无邮箱", "")]
        made = [persons.add(work, NewPerson(number, name, email)) for number, name, email in new]
        preferences.change(work, made[1], language="en")
        work.commit()
    return made


def _delivered(store: Store, server: Server) -> None:
    with store.start_work(reading=True) as work:
        waiting = [row.id for row in work.connection.execute(outbox.outbox.select())]
    for parcel in waiting:
        outbox.deliver(store.start_work, {"mail": _mailer(server)}, parcel)


def test_each_person_with_an_address_gets_one_mail_in_their_language(store: Store) -> None:
    people, server = _people(store), Server()
    with store.start_work() as work:
        MailChannel(mailing.recipients).put(work, people, TOLD)
        MailChannel(mailing.recipients).put(work, people, TOLD)
        work.commit()
    _delivered(store, server)

    assert {mail["To"]: "ZRS-1" in mail["Subject"] for mail in server.taken} == {
        "li@example.cn": True,
        "ann@example.cn": True,
    }
    chinese, english = sorted((mail["Subject"] for mail in server.taken), key=str.isascii)
    assert (chinese.isascii(), english.isascii()) == (False, True)
    assert all("https://letters.example.cn/letters/1" in mail.get_content() for mail in server.taken)


def test_a_server_that_does_not_answer_is_tried_again_later(store: Store) -> None:
    people, server = _people(store), Server(answers=False)
    with store.start_work() as work:
        MailChannel(mailing.recipients).put(work, people[:1], TOLD)
        work.commit()
    _delivered(store, server)

    with store.start_work(reading=True) as work:
        row = work.connection.execute(outbox.outbox.select()).one()
    assert (row.state, row.attempts) == ("waiting", 1)
    assert "did not take the mail" in row.error


def test_a_second_try_is_the_same_mail_and_no_text_begins_another_header() -> None:
    forged = {**PAYLOAD, "fields": {"no": "1\r\nBcc: thief@example.cn"}}
    once, again = (_mailer(Server()).message(Parcel("k", "li@example.cn", forged)) for _time in range(2))

    assert once["Message-ID"] == again["Message-ID"]
    assert once["Bcc"] is None


def test_the_server_is_told_who_sends_and_a_refusal_names_it() -> None:
    server = Server()
    _mailer(server)(Parcel("k", "li@example.cn", PAYLOAD))
    with pytest.raises(Unavailable, match=r"mail\.example"):
        _mailer(Server(answers=False))(Parcel("k", "li@example.cn", PAYLOAD))

    assert server.users == ["letterflow"]


def test_mail_is_on_exactly_where_a_server_is_configured() -> None:
    senders: dict[str, Sender] = {}
    mailing.join(Config(mail=MAIL), senders)
    on = (channels.names(), list(senders))
    senders.clear()
    mailing.join(Config(), senders)

    assert on == (("mail",), ["mail"])
    assert (channels.names(), senders) == ((), {})
