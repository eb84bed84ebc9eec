"""The demo: a seeded group company, and one month of it played with simulated time through the pages' use-cases."""
