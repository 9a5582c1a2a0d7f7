"""Files, manifests, locks and readers of the lake. No Beam."""
