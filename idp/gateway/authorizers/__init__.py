"""Who may pass: one gate for each route, made when its API is deployed.

A gate lets a caller in with a `Grant`, or raises `Refused`. Where the resource policy comes in differs between the kinds
of authorization.  Source: API Gateway Developer Guide, "How API Gateway resource policies affect authorization
workflow".
"""

from idp.gateway.authorizers.gates import ApiGates

__all__ = ["ApiGates"]
