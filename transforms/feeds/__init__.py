"""Feed documents → entries. No Beam."""
