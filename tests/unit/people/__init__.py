"""The people floor without a database."""
