"""Commands about accounts: `user add`, `user password`, `user role`, `user list`."""

from typing import Any

import click

from engine.kernel import audit
from engine.kernel.errors import NotFound
from engine.kernel.work import Work
from engine.people import credentials, persons, roles
from engine.people.persons import NewPerson, PersonView
from engine.people.roles import Grant, Role
from engine.workflow.engine import Engine
from webui import wiring

_password = click.option(
    "--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for if missing."
)
_role = click.Choice([each.value for each in Role])


@click.group()
def user() -> None:
    """Accounts and roles, for the first administrator and in an emergency."""


@user.command()
@click.argument("number")
@click.argument("name")
@click.option("--account", help="What is typed at sign-in; default: the number.")
@click.option("--role", "granted", type=_role, multiple=True, help="For the whole group; may be repeated.")
@_password
@click.pass_obj
def add(  # noqa: PLR0913, PLR0917  (what is typed on the command line)
    settings: Any, number: str, name: str, account: str | None, granted: tuple[str, ...], password: str
) -> None:
    """Add a person with NUMBER (工号) and NAME who may sign in and must choose a new password."""
    engine = wiring.build(settings.load())
    hashed = credentials.hashed(password)
    with engine.start_work() as work:
        person = persons.add(work, NewPerson(number, name))
        work.session.flush()
        credentials.set_password(work, person, account or number, hashed, must_change=True)
        for each in granted:
            roles.grant(work, Grant(person, Role(each)))
        audit.append(work, f"person:{person}", "person.added", actor=None, detail={"number": number, "roles": granted})
        work.commit()
    click.echo(f"{number} {name}: account {account or number}")


@user.command()
@click.argument("number")
@_password
@click.pass_obj
def password(settings: Any, number: str, password: str) -> None:
    """Give the person with NUMBER a new password, to be changed at the next sign-in; all sessions end."""
    engine = wiring.build(settings.load())
    hashed = credentials.hashed(password)
    with engine.start_work() as work:
        person = found(work, number)
        account = credentials.account_of(work, person.id) or number
        credentials.set_password(work, person.id, account, hashed, must_change=True)
        audit.append(work, f"person:{person.id}", "person.password_set", actor=None)
        work.commit()
    click.echo(f"{number} {person.name}: account {account}")


@user.command()
@click.argument("number")
@click.argument("role", type=_role)
@click.pass_obj
def role(settings: Any, number: str, role: str) -> None:
    """Grant the person with NUMBER a ROLE for the whole group."""
    engine = wiring.build(settings.load())
    with engine.start_work() as work:
        person = found(work, number)
        roles.grant(work, Grant(person.id, Role(role)))
        audit.append(work, f"person:{person.id}", "role.granted", actor=None, detail={"role": role})
        work.commit()
    click.echo(f"{number} {person.name}: {role}")


@user.command("list")
@click.pass_obj
def show(settings: Any) -> None:
    """List everybody who may sign in, with their roles."""
    for line in _lines(wiring.build(settings.load())):
        click.echo(line)


def _lines(engine: Engine) -> list[str]:
    with engine.start_work(reading=True) as work:
        found = []
        for person in persons.everyone(work):
            account = credentials.account_of(work, person.id)
            granted = " ".join(sorted({each.role.value for each in roles.of(work, person.id)}))
            if account:
                found.append(f"{person.number}\t{person.name}\t{account}\t{granted}")
    return found


def found(work: Work, number: str) -> PersonView:
    """The person with this 工号. Raises NotFound."""
    person = persons.find(work, number)
    if person is None:
        raise NotFound("person.unknown", f"there is no person with the number {number}", number=number)
    return person
