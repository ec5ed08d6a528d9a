"""The AWS face: protocols, signatures, model-driven checks, and one module per capability of each service."""
