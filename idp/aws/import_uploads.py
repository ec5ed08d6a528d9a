"""`/_import/<sealed>`: where the file of a user import goes by PUT, as to S3, and its report comes from by GET.

Refusals are S3's: XML with a code.  Source: AWS S3 API, "Error responses"; spec USER_POOLS section 11.4.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from flask import Response, request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from idp.domain.errors import DomainError, NotAuthorized, PreconditionNotMet, ResourceNotFound
from idp.domain.user_import_file import MAX_FILE_BYTES
from idp.flows.import_urls import PATH, open_import_url
from idp.flows.user_imports import report_lines, store_upload

if TYPE_CHECKING:
    from flask import Flask

    from idp.services import Services

_CODES: dict[type[DomainError], tuple[str, HTTPStatus]] = {
    NotAuthorized: ("AccessDenied", HTTPStatus.FORBIDDEN),
    ResourceNotFound: ("NoSuchKey", HTTPStatus.NOT_FOUND),
    PreconditionNotMet: ("InvalidObjectState", HTTPStatus.FORBIDDEN),
}


def mount(app: Flask, services: Services) -> None:
    """Serve the URLs that CreateUserImportJob and its like give."""

    @app.put(f"{PATH}/<sealed>")
    def upload_users(sealed: str) -> Response:
        request.max_content_length = MAX_FILE_BYTES
        try:
            grant = open_import_url(services, sealed, uploads=True)
            store_upload(services, grant.pool_id, grant.job_id, request.stream.read)
        except DomainError as error:
            return _refusal(error)
        except RequestEntityTooLarge:
            sentence = "Your proposed upload exceeds the maximum allowed size"
            return _error("EntityTooLarge", sentence, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except ClientDisconnected:
            return _error("IncompleteBody", "The file did not arrive whole.", HTTPStatus.BAD_REQUEST)
        return Response(status=HTTPStatus.OK)

    @app.get(f"{PATH}/<sealed>")
    def import_report(sealed: str) -> Response:
        try:
            grant = open_import_url(services, sealed, uploads=False)
            lines = report_lines(services, grant.pool_id, grant.job_id)
        except DomainError as error:
            return _refusal(error)
        report = (f"{line}\n" for line in lines)
        return Response(report, mimetype="text/plain", headers={"Cache-Control": "no-store"})


def _refusal(error: DomainError) -> Response:
    code, status = next(word for kind, word in _CODES.items() if isinstance(error, kind))
    return _error(code, error.message, status)


def _error(code: str, message: str, status: HTTPStatus) -> Response:
    document = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    # What was not read of the body would be taken for the next request.
    return Response(document, status, mimetype="application/xml", headers={"Connection": "close"})
