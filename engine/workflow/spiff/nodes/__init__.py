"""Task specifications of ours: one module per family of BPMN elements."""
