"""What people are told: the outbox and its channels."""
