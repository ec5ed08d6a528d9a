"""The face of API Gateway's data plane: route, authorize, integrate.  Source: spec API_GATEWAY."""

from idp.gateway.face import mount

__all__ = ["mount"]
