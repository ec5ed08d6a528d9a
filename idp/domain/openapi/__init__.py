"""APIs out of OpenAPI 2 and 3 documents with `x-amazon-apigateway-*` extensions.

Source: API Gateway Developer Guide, "OpenAPI extensions for API Gateway"; spec API_GATEWAY section 10.
"""

from idp.domain.openapi.api import parse_api
from idp.domain.openapi.members import MalformedApi

__all__ = ["MalformedApi", "parse_api"]
