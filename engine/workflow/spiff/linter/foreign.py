"""What was written for another engine and cannot be said in our words, or has no effect."""

from engine.workflow.spiff.linter.book import Book
from engine.workflow.spiff.model import Diagram, Note

_SENTENCES = {
    "foreign": ("{names} at {name} belongs to another engine and has no effect.", "Say it with lf: elements."),
    "foreign_code": (
        "{name} runs a program of another engine, which is not run here: {said}",
        "Call an operation (lf:operation), or give the work a topic for a program outside.",
    ),
    "foreign_form": (
        "The form {form} of {name} is a page of another program, so the task opens without a form.",
        "Draw the form and name it in lf:form.",
    ),
    "foreign_field": (
        "The field {field} of {name} has something that forms here do not know: {type}",
        "Draw the form and name it in lf:form.",
    ),
    "expression_foreign": ("The {where} of {name} cannot be read as FEEL: {text} ({reason}).", "Write it in FEEL."),
}


def check(diagram: Diagram, book: Book) -> None:
    """Every note that reading left."""
    for note in diagram.notes:
        _tell(note, book)


def _tell(note: Note, book: Book) -> None:
    sentence, remedy = _SENTENCES[note.code]
    fields = {"name": book.names.get(note.element, note.element), **note.fields}
    said = note.fields.get("said")
    names = ", ".join(said) if isinstance(said, list) else ""
    tell = book.error if note.severity == "error" else book.warning
    tell(note.code, note.element, sentence.format(**fields, names=names), remedy, **note.fields)
