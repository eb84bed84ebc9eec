"""Cheap hashes for the accounts of a played month: sixty signatures confirm their passwords in it."""

from argon2 import PasswordHasher

from engine.people import credentials, persons
from engine.workflow.engine import Engine
from webui.demo.habits import PASSWORD


def give(engine: Engine) -> None:
    """Everybody with an account keeps the password with a hash that is quick to check; never for a real one."""
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with engine.start_work() as work:
        for person in persons.everyone(work):
            account = credentials.account_of(work, person.id)
            if account is not None:
                credentials.set_password(work, person.id, account, hashed)
        work.commit()
