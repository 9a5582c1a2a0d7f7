"""Asking servers politely and safely, and capturing what they answer. No Beam."""
