"""How a function looks in answers, and what of a request makes one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from idp.aws.errors import ServiceError
from idp.domain.function import LATEST

if TYPE_CHECKING:
    from datetime import datetime

    from idp.aws.types.lambda_ import FunctionConfiguration
    from idp.domain.function import Function, FunctionSettings

UNSERVED_MEMBERS: Mapping[str, str] = {
    "S3Bucket": "Code comes as ZipFile here, not from S3.",
    "S3Key": "Code comes as ZipFile here, not from S3.",
    "ImageUri": "Code comes as ZipFile here, not as a container image.",
    "Layers": "Layers are not served: put what the function needs into its ZipFile.",
    "FileSystemConfigs": "File systems are not served.",
    "ImageConfig": "Container images are not served.",
    "Publish": "Versions are not served: $LATEST is what runs.",
    "CapacityProviderConfig": "Capacity providers are not served.",
    "DurableConfig": "Durable functions are not served.",
}
"""Members that would change what a function is or does, and that nothing here heeds: refused rather than ignored."""

_FIELDS = (
    ("Runtime", "runtime"),
    ("Handler", "handler"),
    ("Role", "role"),
    ("Description", "description"),
    ("Timeout", "timeout_s"),
    ("MemorySize", "memory_mb"),
    ("Tags", "tags"),
)


def settings_of(request: Mapping[str, Any]) -> FunctionSettings:
    """Return what a request sets.

    Raises:
        ServiceError: it asks for something that is not served.
    """
    decline_unserved(request)
    settings: dict[str, Any] = {field: request[member] for member, field in _FIELDS if member in request}
    if "Environment" in request:
        settings["environment"] = request["Environment"].get("Variables", {})
    # The table above gives no other names than the type has.
    return cast("FunctionSettings", settings)


def decline_unserved(request: Mapping[str, Any]) -> None:
    """Refuse what nothing here heeds.

    Raises:
        ServiceError: naming the member.
    """
    for member, why in UNSERVED_MEMBERS.items():
        if request.get(member):
            raise ServiceError("InvalidParameterValueException", f"{member} is declined by this server. {why}")
    if request.get("PackageType", "Zip") != "Zip":
        raise ServiceError("InvalidParameterValueException", f"PackageType is declined. {UNSERVED_MEMBERS['ImageUri']}")


def configuration(function: Function) -> FunctionConfiguration:
    """Return a function as operations on one answer it."""
    return {**listed_configuration(function), "State": "Active", "LastUpdateStatus": "Successful"}


def listed_configuration(function: Function) -> FunctionConfiguration:
    """Return a function as ListFunctions answers it: without its state.  Source: AWS API_ListFunctions."""
    answer: FunctionConfiguration = {
        "FunctionName": function.name,
        "FunctionArn": function.arn,
        "Runtime": function.runtime,
        "Role": function.role,
        "Handler": function.handler,
        "CodeSize": function.code_size,
        "Description": function.description,
        "Timeout": function.timeout_s,
        "MemorySize": function.memory_mb,
        "LastModified": _moment(function.updated_at),
        "CodeSha256": function.code_sha256,
        "Version": LATEST,
        "TracingConfig": {"Mode": "PassThrough"},
        "RevisionId": function.revision_id,
        "PackageType": "Zip",
        "Architectures": ["x86_64"],
        "EphemeralStorage": {"Size": 512},
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{function.name}"},
    }
    if function.environment is not None:
        answer["Environment"] = {"Variables": function.environment}
    return answer


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}+0000"
