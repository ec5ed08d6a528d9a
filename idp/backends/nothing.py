"""Placeholders until the real backends are mounted."""

from idp.domain.errors import ResourceNotFound
from idp.services import BackendRequest, BackendResponse, FunctionResult


class NoFunctions:
    """Knows no function."""

    def invoke(
        self, arn: str, payload: bytes, *, timeout_s: float | None = None, client_context: str | None = None
    ) -> FunctionResult:
        """Refuse."""
        raise ResourceNotFound(f"Function not found: {arn}")

    def forget(self, arn: str) -> None:
        """Do nothing."""


class NoBackend:
    """Serves nothing."""

    def call(self, request: BackendRequest) -> BackendResponse:
        """Refuse."""
        raise ResourceNotFound
