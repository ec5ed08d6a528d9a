"""What every wire protocol's module offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from botocore.model import OperationModel

from idp.aws.directory import Service
from idp.aws.errors import Refusal
from idp.aws.http import HttpRequest, HttpResponse

Reader = Callable[[HttpRequest], Any]
"""Reads the parameters, still unchecked, under their names on the wire.  Raises `Malformed`."""

Writer = Callable[[Mapping[str, Any] | None, str], HttpResponse]
"""(answer, request id) -> the response."""


class WireProtocol(Protocol):
    """Reads an operation's name and parameters, writes its answers and refusals."""

    def operation_name(self, service: Service, request: HttpRequest) -> str:
        """Return the name of the operation that is asked for; nobody has checked that the service has it.

        Raises:
            GeneralError, ServiceError: the request names none.
        """
        ...

    def unknown_operation(self, service: Service, request: HttpRequest) -> Exception:
        """Return the refusal of an operation that the service's model does not have."""
        ...

    def require_media_type(self, request: HttpRequest) -> None:
        """Refuse a body of another kind than the protocol's.

        Raises:
            GeneralError: UnsupportedMediaTypeException.
        """
        ...

    def reader(self, operation: OperationModel) -> Reader:
        """Compile the reader of an operation's parameters."""
        ...

    def writer(self, service: Service, operation: OperationModel) -> Writer:
        """Compile the writer of an operation's answers."""
        ...

    def refuse(self, service: Service, refusal: Refusal, request_id: str) -> HttpResponse:
        """Write an error."""
        ...
