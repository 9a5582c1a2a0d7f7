"""Articles → events: who did what to whom, says who, how sure. No Beam."""
