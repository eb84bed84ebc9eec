"""Who decides a task and when it is decided: nodes, decisions, modes, routing, substitutes."""
