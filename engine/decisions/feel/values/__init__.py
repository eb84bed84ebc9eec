"""The values of FEEL, their arithmetic, equality, order, types and text."""
