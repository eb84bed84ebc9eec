"""Makes what tests need: engines, persons, letters, workbooks."""
