"""The workflow engine and the life of target letters; knows no web."""
