"""The notices floor on both databases."""
