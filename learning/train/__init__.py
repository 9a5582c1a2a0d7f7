"""Training of the learned coder: `make train`. JAX is needed here only."""
