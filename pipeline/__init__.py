"""The application: command line, settings, and the one page that is the pipeline."""
