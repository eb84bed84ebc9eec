"""What goes over the wire, as marshmallow schemas; one module for each resource."""
