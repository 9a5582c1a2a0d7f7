"""The learned coder: a small encoder that reads a whole sentence and votes on its events."""
