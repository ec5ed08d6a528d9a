"""A problem as JSON, for the document.  Source: RFC 9457 section 3."""

from __future__ import annotations

from pydantic import Field

from idp.admin.records import Answer


class Fault(Answer):
    """What is wrong at one place."""

    pointer: str | None = Field(default=None, description="Where in the body: a JSON pointer as a URI fragment.")
    parameter: str | None = Field(default=None, description="Which query parameter.")
    detail: str


class Problem(Answer):
    """Why a request is refused."""

    type: str = Field(description="The kind of problem; `/admin/v1/problems` lists them all.")
    title: str
    status: int
    detail: str | None = None
    instance: str = Field(description="The request, as `X-Request-Id` and the server's log name it.")
    errors: list[Fault] | None = None
