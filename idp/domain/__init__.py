"""Rules and nouns: pure, no clock, no I/O."""
