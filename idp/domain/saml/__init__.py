"""SAML 2.0 seen from a service provider: what user pools ask of identity providers, and what they believe of the answers.

`response`, `signature` and `encryption` bring libraries of several MiB, which only servers with SAML providers need:
flows import them where they read an answer.

Source: OASIS SAML V2.0 Core, Bindings and Profiles; OWASP "SAML Security Cheat Sheet"; spec USER_POOLS section 10.6.
"""
