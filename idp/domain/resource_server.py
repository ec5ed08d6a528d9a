"""A resource server: an API of the pool's owner, whose custom scopes clients may ask for.

Source: AWS API_ResourceServerType; RFC 6749 section 1.1; spec USER_POOLS sections 4.8 and 11.2.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResourceServer:
    """A stored resource server.  `scopes` is name to description, in the order given."""

    pool_id: str
    identifier: str
    name: str
    scopes: dict[str, str]

    def scope_texts(self) -> list[str]:
        """Return the scopes as clients ask for them: `<identifier>/<name>`."""
        return [f"{self.identifier}/{scope}" for scope in self.scopes]
