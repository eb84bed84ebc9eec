"""The one tree of errors: each has a code, fields for its translation, and an English sentence."""

from typing import Any


class LetterflowError(Exception):
    """Base of everything the engine raises on purpose.

    `code` is a dotted, stable name (`task.decided`); `fields` are the values its sentence needs;
    `message` says in English what was expected, what came and what to do.
    """

    def __init__(self, code: str, message: str, **fields: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fields = fields


class NotFound(LetterflowError):
    """The named thing does not exist, or this person may not know that it does."""


class Conflict(LetterflowError):
    """Somebody or something was faster; the fields say who and when."""


class NotAllowed(LetterflowError):
    """The person is known and the thing exists, but this act is not theirs."""


class InvalidInput(LetterflowError):
    """A value that was given cannot be accepted; the field and the remedy are named."""


class BadDefinition(LetterflowError):
    """Something a process owner wrote (BPMN, DMN, FEEL, form) cannot be used; the element is named."""


class Unavailable(LetterflowError):
    """A resource outside the engine (disk, database, mail server) does not answer; nothing was changed."""
