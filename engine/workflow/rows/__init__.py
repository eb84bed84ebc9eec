"""How a step becomes rows: each module compares one kind of row with the step and writes the difference."""
