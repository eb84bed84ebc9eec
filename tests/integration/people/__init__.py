"""The people floor on both databases."""
