"""What IAM's operations share on the wire: tags, encoded policies, boundaries that do not exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from idp.aws.errors import ServiceError
from idp.domain.errors import InvalidTags

if TYPE_CHECKING:
    from idp.aws.types.iam import Tag


def encoded(document: str) -> str:
    """Return a policy as IAM answers it: percent-encoded.  Source: RFC 3986; AWS API_GetRolePolicy."""
    return quote(document, safe="")


def read_tags(tags: Sequence[Tag]) -> dict[str, str]:
    """Return tags as a mapping; raises InvalidTags when two keys differ by case only."""
    if len({tag["Key"].lower() for tag in tags}) < len(tags):
        raise InvalidTags
    return {tag["Key"]: tag["Value"] for tag in tags}


def shown_tags(tags: Mapping[str, str]) -> list[Tag] | None:
    """Return tags as members of an answer; None when there are none."""
    return [{"Key": key, "Value": value} for key, value in tags.items()] or None


def refuse_boundary(request: Mapping[str, Any]) -> None:
    """Refuse a permissions boundary: it would be a managed policy, and there are none.

    Raises:
        ServiceError: NoSuchEntity, as AWS says of a policy that does not exist.
    """
    arn = request.get("PermissionsBoundary")
    if arn is not None:
        raise ServiceError("NoSuchEntity", f"Scope ARN: {arn} does not exist or is not attachable.", 404)
