"""Entries and pages → clean, dated articles. No Beam."""
