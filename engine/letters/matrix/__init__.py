"""The authority matrix 权责 as a versioned thing that approvals follow: rendered into their table, tried, saved."""
