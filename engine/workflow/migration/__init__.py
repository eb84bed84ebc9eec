"""Running instances of one version of a process to another: plan, dry run over all, run with progress, history."""
