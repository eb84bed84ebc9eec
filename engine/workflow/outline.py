"""The nodes of a definition as a list: what a diagram says, for those who read it as text."""

from collections.abc import Mapping

from engine.workflow.spiff import diagram, reader
from engine.workflow.step import NodeSpec


def of(files: Mapping[str, bytes]) -> tuple[NodeSpec, ...]:
    """Every flow node of a definition's diagrams, in the order of the file."""
    drawn = [diagram.build(reader.read(files[name]), name) for name in sorted(files) if name.endswith(".bpmn")]
    return tuple(node.said for each in drawn for node in diagram.every_node(each))
