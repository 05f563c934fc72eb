"""The vault's dialect turned into plain MkDocs Markdown: pure functions, one module for each thing they scan."""
