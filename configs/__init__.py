"""Configuration files and the sample newsroom: data only."""
