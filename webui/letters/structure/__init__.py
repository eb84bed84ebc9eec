"""Structured values of an item (parameters of a method, slices, parts, assessors) as inputs instead of raw texts."""
