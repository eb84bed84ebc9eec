"""Rules 1–9 of `domain.md` §3 as findings; rule 10 is `drafting/generation`, rule 11 `drafting/forcing`."""
