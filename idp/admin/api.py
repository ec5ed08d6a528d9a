"""The API as an application of its own: its routes, its OpenAPI document, and what stands before every view."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from flask import Response, g, request
from flask_openapi3.models.info import Info
from flask_openapi3.models.server import Server
from flask_openapi3.models.tag import Tag
from flask_openapi3.openapi import OpenAPI
from flask_openapi3.types import SecuritySchemesDict

from idp.admin import PREFIX, bodies, refusals
from idp.admin.admission import SERVICE, admit, operation_id
from idp.admin.call import Call
from idp.admin.problem_record import Problem
from idp.admin.problems import MEDIA_TYPE
from idp.admin.records import Record
from idp.admin.routes import ROUTES, Route
from idp.web.headers import NEVER_STORED, SAFE_ANYWHERE

if TYPE_CHECKING:
    from idp.services import Services

DOCUMENT: Final = "/openapi.json"

INFO: Final = Info(
    title="idp, the operators' API",
    version="1",
    description=(
        "User pools, clients and users for operators and their programs, over the same flows as the AWS API. "
        "Members have Cognito's names with a small first letter. Requests are signed by AWS Signature Version 4 for the "
        f"service `{SERVICE}`; each operation is the IAM action `{SERVICE}:` and its operationId, on the resource "
        f"`arn:aws:{SERVICE}:{{region}}:{{account}}:user-pool/{{userPoolId}}`, or `*` where the path names no pool. "
        "Refusals are problem details (RFC 9457)."
    ),
)
SIGNED: Final = "sigv4"
SECURITY_SCHEMES: Final[SecuritySchemesDict] = {
    SIGNED: {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": f"AWS Signature Version 4, service `{SERVICE}`.",
        "x-amazon-apigateway-authtype": "awsSigv4",
    }
}
PROBLEM: Final = {
    "description": "The request is refused; `type` says why.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def build(services: Services) -> OpenAPI:
    """Return the application."""
    api = OpenAPI(
        "idp.admin",
        info=INFO,
        servers=[Server(url=PREFIX)],
        security_schemes=SECURITY_SCHEMES,
        operation_id_callback=lambda *, name, **_: operation_id(name),
        openapi_extensions={"security": [{SIGNED: []}]},
        validation_error_status="default",
        validation_error_model=Problem,
        validation_error_callback=refusals.invalid,
        doc_ui=False,
        static_folder=None,
    )
    api.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    api.url_map.merge_slashes = False
    bodies.read_strictly(api)
    refusals.answer_errors(api)
    _guard(api, services)
    for route in ROUTES:
        _add(api, route)
    _serve_document(api)
    return api


def _guard(api: OpenAPI, services: Services) -> None:
    """Admit requests before anything in them is looked at, and send every answer with the headers of secrets."""
    routes = {route.name: route for route in ROUTES}

    @api.before_request
    def admit_request() -> None:
        g.request_id = services.random.uuid()
        route = routes.get(request.endpoint or "")
        if route is None:
            return
        g.call = Call(services) if route.is_open else admit(services, route.name)
        bodies.require_acceptable()
        if route.method == "POST":
            bodies.require_object()

    @api.after_request
    def secure(response: Response) -> Response:
        response.headers.extend([*NEVER_STORED, *SAFE_ANYWHERE, ("X-Request-Id", g.request_id)])
        return response


def _add(api: OpenAPI, route: Route) -> None:
    register: Callable[..., Any] = {"GET": api.get, "POST": api.post, "DELETE": api.delete}[route.method]
    register(
        route.path,
        tags=[Tag(name=route.tag)],
        responses={route.status: route.answer, "default": dict(PROBLEM)},
        openapi_extensions={"security": []} if route.is_open else None,
    )(_answering(route))


def _answering(route: Route) -> Callable[..., Response]:
    """Return the view that turns what a route returns into an answer."""

    @wraps(route.view)
    def view(**parts: Any) -> Response:
        answer: Record | None = route.view(g.call, **parts)
        body = b"" if answer is None else answer.model_dump_json(by_alias=True, exclude_none=True).encode()
        return Response(body, route.status, content_type=bodies.JSON)

    return view


def _serve_document(api: OpenAPI) -> None:
    @api.route(DOCUMENT, methods=["GET"])
    def get_document() -> Response:
        return Response(api.json.dumps(api.api_doc), content_type=bodies.JSON)
