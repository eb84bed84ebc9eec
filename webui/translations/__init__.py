"""The catalogues: English stands in the code, each other language in a folder of .po files, one per family of pages."""
