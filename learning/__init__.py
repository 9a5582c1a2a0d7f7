"""The training data of the learned coder: sentences of our own, and what compiles and checks them."""
