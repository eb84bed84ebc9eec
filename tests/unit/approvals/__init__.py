"""The approvals floor without a database."""
