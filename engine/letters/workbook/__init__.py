"""Letters as workbooks (xlsx): the template's sheets, reading them into drafts, writing a letter out."""
