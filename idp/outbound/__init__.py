"""Everything else we call: clock, randomness, keys, hashing, mail, SMS, HTTP."""
