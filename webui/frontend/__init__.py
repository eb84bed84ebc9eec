"""The pages' scripts and styles, and how they are bundled."""
