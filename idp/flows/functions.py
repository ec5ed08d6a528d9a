"""Keeping Lambda functions: create, change, list and delete them.  Running them: `invocations`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

from idp.backends.lambda_runtime import RESERVED_NAMES, InvalidCode, verify_code
from idp.domain.errors import ConcurrentModification, InvalidParameter
from idp.domain.function import MAX_ZIP_BYTES, Function, FunctionSettings, check_function, code_digest
from idp.flows.execution_roles import require_assumable

if TYPE_CHECKING:
    from idp.domain.function_name import FunctionName
    from idp.services import Services


def create_function(
    services: Services, name: FunctionName, zip_bytes: bytes, **settings: Unpack[FunctionSettings]
) -> Function:
    """Store a new function.

    Raises:
        ResourceConflict: there is one of that name.
        InvalidParameter: a setting, or the deployment package, cannot be run.
        AccessDenied: the role is another account's.
    """
    function = Function(
        account=name.account,
        region=name.region,
        name=name.name,
        code_sha256=code_digest(zip_bytes),
        code_size=len(zip_bytes),
        revision_id=services.random.uuid(),
        updated_at=services.clock.now(),
        **settings,
    )
    _check(services, function)
    _check_code(zip_bytes)
    with services.unit_of_work() as work:
        work.functions.add(function, zip_bytes)
        work.commit()
    return function


def get_function(services: Services, name: FunctionName) -> Function:
    """Return a function.

    Raises:
        ResourceNotFound: no such function, or a version or alias of it.
    """
    name.require_latest()
    with services.reading() as work:
        function = work.functions.find(name.account, name.region, name.name)
    if function is None:
        raise name.not_found()
    return function


def list_functions(services: Services, account: str, region: str, *, after: str, limit: int) -> list[Function]:
    """Return up to `limit` functions of a region, by name, after the name given."""
    with services.reading() as work:
        return work.functions.list_page(account, region, after=after, limit=limit)


def update_function_configuration(
    services: Services, name: FunctionName, *, revision_id: str | None, **settings: Unpack[FunctionSettings]
) -> Function:
    """Change a function's settings; those not given stay.

    Args:
        revision_id: the revision that the caller means to change.

    Raises:
        ResourceNotFound, ConcurrentModification, InvalidParameter, AccessDenied.
    """
    before = _get_revision(services, name, revision_id)
    changed = _revised(services, replace(before, **settings))
    _check(services, changed)
    return _save(services, changed, replaces=before)


def update_function_code(
    services: Services, name: FunctionName, zip_bytes: bytes, *, revision_id: str | None, is_dry_run: bool
) -> Function:
    """Replace a function's deployment package.

    Args:
        revision_id: the revision that the caller means to change.
        is_dry_run: only check, and return what would be stored.

    Raises:
        ResourceNotFound, ConcurrentModification, InvalidParameter.
    """
    before = _get_revision(services, name, revision_id)
    _check_code(zip_bytes)
    changed = _revised(services, replace(before, code_sha256=code_digest(zip_bytes), code_size=len(zip_bytes)))
    return changed if is_dry_run else _save(services, changed, replaces=before, code=zip_bytes)


def delete_function(services: Services, name: FunctionName) -> None:
    """Delete a function and end its processes.

    Raises:
        ResourceNotFound.
    """
    name.require_latest()
    with services.unit_of_work() as work:
        if not work.functions.delete(name.account, name.region, name.name):
            raise name.not_found()
        work.commit()
    _forget(services, name.arn)


def _get_revision(services: Services, name: FunctionName, revision_id: str | None) -> Function:
    function = get_function(services, name)
    if revision_id not in {None, function.revision_id}:
        raise ConcurrentModification(
            "The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to "
            "retrieve the latest RevisionId"
        )
    return function


def _revised(services: Services, function: Function) -> Function:
    return replace(function, revision_id=services.random.uuid(), updated_at=services.clock.now())


def _save(services: Services, function: Function, *, replaces: Function, code: bytes | None = None) -> Function:
    with services.unit_of_work() as work:
        work.functions.save(function, replaces=replaces.revision_id, code=code)
        work.commit()
    _forget(services, function.arn)
    return function


def _forget(services: Services, arn: str) -> None:
    services.catalog.functions.forget(arn)
    services.functions.forget(arn)


def _check(services: Services, function: Function) -> None:
    check_function(function, RESERVED_NAMES)
    require_assumable(services, function.role)


def _check_code(zip_bytes: bytes) -> None:
    if not zip_bytes:
        raise InvalidParameter("Uploaded file must be a non-empty zip")
    if len(zip_bytes) > MAX_ZIP_BYTES:
        raise InvalidParameter(f"Zipped size must be smaller than {MAX_ZIP_BYTES} bytes")
    try:
        verify_code(zip_bytes)
    except InvalidCode as error:
        raise InvalidParameter(str(error)) from error
