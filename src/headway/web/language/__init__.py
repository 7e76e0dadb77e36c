"""Pages in the language of who reads them: templates stay plain English and are translated when they are loaded."""
