"""Takes the state of an instance from one version of its program to another, or says element by element why not."""
