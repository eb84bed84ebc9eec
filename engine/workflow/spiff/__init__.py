"""The only importer of SpiffWorkflow: reader, normaliser, linter, programs, machine, codec."""
