"""Access keys of IAM users; without UserName those of whoever signed, the account's root included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from idp.aws.context import Context
from idp.aws.errors import ServiceError
from idp.aws.iam.users import OTHER_CREDENTIALS, named_user
from idp.aws.registry import operation
from idp.flows import access_keys

if TYPE_CHECKING:
    from idp.aws.types import iam as types
    from idp.domain.iam import AccessKey

ROOT = "root"
"""What stands for the user's name in answers about keys of an account's root.  Unknown: AWS's own word."""


@operation("iam", resource=named_user)
def create_access_key(context: Context, request: types.CreateAccessKeyRequest) -> types.CreateAccessKeyResponse:
    owner = _owner(context, request)
    key = access_keys.create_access_key(context.services, context.account, owner)
    return {
        "AccessKey": {
            "UserName": owner or ROOT,
            "AccessKeyId": key.id,
            "Status": _status(key),
            "SecretAccessKey": key.secret,
            "CreateDate": key.created_at,
        }
    }


@operation("iam", resource=named_user)
def list_access_keys(context: Context, request: types.ListAccessKeysRequest) -> types.ListAccessKeysResponse:
    owner = _owner(context, request)
    keys = access_keys.list_access_keys(context.services, context.account, owner)
    return {
        "AccessKeyMetadata": [
            {
                "UserName": owner or ROOT,
                "AccessKeyId": key.id,
                "Status": _status(key),
                "CreateDate": key.created_at,
            }
            for key in keys
        ],
        "IsTruncated": False,
    }


@operation("iam", resource=named_user)
def update_access_key(context: Context, request: types.UpdateAccessKeyRequest) -> None:
    if request["Status"] not in {"Active", "Inactive"}:
        raise ServiceError("ValidationError", "Status must be Active or Inactive.")
    access_keys.update_access_key(
        context.services,
        context.account,
        _owner(context, request),
        request["AccessKeyId"],
        active=request["Status"] == "Active",
    )


@operation("iam", resource=named_user)
def delete_access_key(context: Context, request: types.DeleteAccessKeyRequest) -> None:
    access_keys.delete_access_key(context.services, context.account, _owner(context, request), request["AccessKeyId"])


def _owner(context: Context, request: Mapping[str, Any]) -> str | None:
    """Return the user's name; None for the account's root."""
    if "UserName" in request:
        name: str = request["UserName"]
        return name
    if context.principal is None or context.principal.kind not in {"root", "user"}:
        raise ServiceError("ValidationError", OTHER_CREDENTIALS)
    return context.principal.name or None


def _status(key: AccessKey) -> str:
    return "Active" if key.active else "Inactive"
