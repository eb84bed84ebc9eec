"""Commands about personal tokens: `token create`, `token list`, `token revoke`."""

from typing import Any

import click

from engine.people import persons, tokens
from engine.people.persons import PersonView
from engine.people.tokens import NewToken, Scope, TokenView
from engine.workflow.engine import Engine
from webui import wiring
from webui.user_cli import found

_scope = click.Choice([each.value for each in Scope])


@click.group()
def token() -> None:
    """Personal tokens, with which programs act for a person."""


@token.command()
@click.argument("number")
@click.argument("name")
@click.option("--scope", "scopes", type=_scope, multiple=True, required=True, help="May be repeated.")
@click.option("--days", default=90, show_default=True, help=f"How long it lives, at most {tokens.LONGEST.days}.")
@click.pass_obj
def create(settings: Any, number: str, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Create a token called NAME for the person with NUMBER (工号) and print it; it is shown only this once."""
    engine = wiring.build(settings.load())
    new = NewToken(name, tokens.scopes_of(scopes), days)
    made = tokens.create(engine.start_work, _person(engine, number).id, new, actor=None)
    click.echo(made.text)


@token.command("list")
@click.argument("number", required=False)
@click.pass_obj
def show(settings: Any, number: str | None) -> None:
    """List the tokens of the person with NUMBER, or of everybody: id, 工号, name, scopes, end, last use."""
    engine = wiring.build(settings.load())
    with engine.start_work(reading=True) as work:
        people = [found(work, number)] if number else list(persons.everyone(work))
        lines = [_line(person, each) for person in people for each in tokens.of(work, person.id)]
    for line in lines:
        click.echo(line)


@token.command()
@click.argument("number")
@click.argument("token_id", type=int)
@click.pass_obj
def revoke(settings: Any, number: str, token_id: int) -> None:
    """Revoke the token TOKEN_ID of the person with NUMBER."""
    engine = wiring.build(settings.load())
    tokens.revoke(engine.start_work, _person(engine, number).id, token_id, actor=None)
    click.echo(f"token {token_id}: revoked")


def _person(engine: Engine, number: str) -> PersonView:
    with engine.start_work(reading=True) as work:
        return found(work, number)


def _line(person: PersonView, each: TokenView) -> str:
    used = f"{each.used_at:%Y-%m-%d %H:%M}" if each.used_at else "never"
    scopes = " ".join(sorted(each.scopes))
    return f"{each.id}\t{person.number}\t{each.name}\t{scopes}\t{each.expires_at:%Y-%m-%d %H:%M}\t{used}"
