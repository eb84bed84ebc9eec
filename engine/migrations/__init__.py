"""How the database came to be as it is: Alembic's steps, and the way to run them."""
