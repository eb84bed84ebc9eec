"""Pages, JSON API and command line: parse, call one use-case, answer."""
