"""The query protocol: a form in, XML out.

Source: spec STS_IAM section 1; Smithy, "AWS query protocol".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from idp.aws.errors import GeneralError, ServiceError
from idp.aws.http import HttpResponse
from idp.aws.models import service_model
from idp.aws.protocols.forms import FORM, read_form
from idp.aws.protocols.query_values import form_reader
from idp.aws.protocols.xml_values import NOT_XML, xml_writer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.model import OperationModel

    from idp.aws.directory import Service
    from idp.aws.errors import Refusal
    from idp.aws.http import HttpRequest
    from idp.aws.protocols.protocol import Reader, Writer


def operation_name(_service: Service, request: HttpRequest) -> str:
    parameters = read_form(request)
    if request.method not in {"GET", "POST"} or "Action" not in parameters:
        raise ServiceError("MissingAction", "The request must contain the parameter Action.")
    return parameters["Action"]


def unknown_operation(_service: Service, request: HttpRequest) -> GeneralError:
    parameters = read_form(request)
    version = parameters.get("Version", "NO_VERSION_SPECIFIED")
    return GeneralError(
        "UnknownOperationException", f"Could not find operation {parameters.get('Action')} for version {version}"
    )


def require_media_type(request: HttpRequest) -> None:
    if request.body and request.media_type != FORM:
        raise GeneralError("UnsupportedMediaTypeException", f"The Content-Type must be {FORM}.")


def reader(operation: OperationModel) -> Reader:
    read = form_reader(operation.input_shape)
    return lambda request: read(read_form(request))


def writer(service: Service, operation: OperationModel) -> Writer:
    shape = operation.output_shape
    write = xml_writer(shape)
    wrapper = shape.serialization.get("resultWrapper") if shape is not None else None
    name, namespace = operation.name, _namespace(service)

    def write_answer(answer: Mapping[str, Any] | None, request_id: str) -> HttpResponse:
        inner = write(answer or {})
        result = f"<{wrapper}>{inner}</{wrapper}>" if wrapper else inner
        metadata = f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>"
        text = f'<{name}Response xmlns="{namespace}">{result}{metadata}</{name}Response>'
        return _response(service, 200, text, request_id)

    return write_answer


def refuse(service: Service, refusal: Refusal, request_id: str) -> HttpResponse:
    kind = "Receiver" if refusal.status >= 500 else "Sender"
    message = escape(NOT_XML.sub("\N{REPLACEMENT CHARACTER}", refusal.message))
    text = (
        f'<ErrorResponse xmlns="{_namespace(service)}"><Error><Type>{kind}</Type><Code>{escape(refusal.code)}</Code>'
        f"<Message>{message}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    )
    return _response(service, refusal.status, text, request_id)


def _namespace(service: Service) -> str:
    namespace: str = service_model(service.id).metadata["xmlNamespace"]
    return namespace


def _response(service: Service, status: int, text: str, request_id: str) -> HttpResponse:
    headers = (("Content-Type", service.content_type), ("x-amzn-RequestId", request_id))
    return HttpResponse(status, headers, text.encode())
