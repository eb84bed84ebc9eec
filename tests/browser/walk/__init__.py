"""Every page, as every role that may see it: found by its links, measured in one visit."""
