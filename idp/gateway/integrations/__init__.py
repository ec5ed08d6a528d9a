"""What stands behind a route: one backend for each, made when its API is deployed."""

from idp.gateway.integrations.backends import backend_of

__all__ = ["backend_of"]
