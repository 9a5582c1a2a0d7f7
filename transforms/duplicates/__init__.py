"""Which articles are copies of one another, and which copy is kept. No Beam."""
