"""Work that programs outside fetch and complete: service tasks with a topic (`lf:operation topic="…"`)."""
