"""Definitions, instances, tasks, timers, incidents, history: BPMN processes that run."""
