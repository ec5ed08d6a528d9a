"""What hosted pages look like: managed login's styles, and the classic pages' customization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from idp.aws.cognito_idp.resources import user_pool_arn, user_pool_of
from idp.aws.registry import operation
from idp.domain.managed_login import merged_settings
from idp.domain.managed_login_defaults import DEFAULT_SETTINGS
from idp.domain.ui_customization import ALL_CLIENTS
from idp.flows import managed_login as flow, ui_customization
from idp.flows.managed_login import SentAsset, StyleChange

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        AssetType,
        CreateManagedLoginBrandingRequest,
        CreateManagedLoginBrandingResponse,
        DeleteManagedLoginBrandingRequest,
        DescribeManagedLoginBrandingByClientRequest,
        DescribeManagedLoginBrandingByClientResponse,
        DescribeManagedLoginBrandingRequest,
        DescribeManagedLoginBrandingResponse,
        GetUICustomizationRequest,
        GetUICustomizationResponse,
        ManagedLoginBrandingType,
        SetUICustomizationRequest,
        SetUICustomizationResponse,
        UICustomizationType,
        UpdateManagedLoginBrandingRequest,
        UpdateManagedLoginBrandingResponse,
    )
    from idp.domain.managed_login import Asset, ManagedLoginBranding
    from idp.domain.ui_customization import UiCustomization


@operation("cognito-idp", resource=user_pool_arn)
def create_managed_login_branding(
    context: Context, request: CreateManagedLoginBrandingRequest
) -> CreateManagedLoginBrandingResponse:
    created = flow.create_managed_login_branding(
        context.services, user_pool_of(context, request), request["ClientId"], _change(request)
    )
    return {"ManagedLoginBranding": _branding_type(created)}


@operation("cognito-idp", resource=user_pool_arn)
def describe_managed_login_branding(
    context: Context, request: DescribeManagedLoginBrandingRequest
) -> DescribeManagedLoginBrandingResponse:
    branding = flow.get_managed_login_branding(
        context.services, user_pool_of(context, request), request["ManagedLoginBrandingId"]
    )
    return {"ManagedLoginBranding": _branding_type(branding, merged=request.get("ReturnMergedResources", False))}


@operation("cognito-idp", resource=user_pool_arn)
def describe_managed_login_branding_by_client(
    context: Context, request: DescribeManagedLoginBrandingByClientRequest
) -> DescribeManagedLoginBrandingByClientResponse:
    branding = flow.get_managed_login_branding_by_client(
        context.services, user_pool_of(context, request), request["ClientId"]
    )
    return {"ManagedLoginBranding": _branding_type(branding, merged=request.get("ReturnMergedResources", False))}


@operation("cognito-idp", resource=user_pool_arn)
def update_managed_login_branding(
    context: Context, request: UpdateManagedLoginBrandingRequest
) -> UpdateManagedLoginBrandingResponse:
    # The model requires neither id, and without them there is nothing to change.
    named = {"UserPoolId": request.get("UserPoolId", ""), "id": request.get("ManagedLoginBrandingId", "")}
    changed = flow.update_managed_login_branding(
        context.services, user_pool_of(context, named), named["id"], _change(request)
    )
    return {"ManagedLoginBranding": _branding_type(changed)}


@operation("cognito-idp", resource=user_pool_arn)
def delete_managed_login_branding(context: Context, request: DeleteManagedLoginBrandingRequest) -> None:
    flow.delete_managed_login_branding(
        context.services, user_pool_of(context, request), request["ManagedLoginBrandingId"]
    )


@operation("cognito-idp", resource=user_pool_arn)
def set_ui_customization(context: Context, request: SetUICustomizationRequest) -> SetUICustomizationResponse:
    customization = ui_customization.set_ui_customization(
        context.services,
        user_pool_of(context, request),
        request.get("ClientId", ALL_CLIENTS),
        css=request.get("CSS"),
        image=request.get("ImageFile"),
    )
    return {"UICustomization": _customization_type(context, customization)}


@operation("cognito-idp", resource=user_pool_arn)
def get_ui_customization(context: Context, request: GetUICustomizationRequest) -> GetUICustomizationResponse:
    customization = ui_customization.find_ui_customization(
        context.services, user_pool_of(context, request), request.get("ClientId", ALL_CLIENTS)
    )
    return {"UICustomization": {} if customization is None else _customization_type(context, customization)}


def _change(request: CreateManagedLoginBrandingRequest | UpdateManagedLoginBrandingRequest) -> StyleChange:
    assets = request.get("Assets")
    return StyleChange(
        uses_provided_values=request.get("UseCognitoProvidedValues"),
        settings=request.get("Settings"),
        assets=None if assets is None else [_sent_asset(each) for each in assets],
    )


def _sent_asset(asset: AssetType) -> SentAsset:
    return SentAsset(
        category=asset["Category"],
        color_mode=asset["ColorMode"],
        extension=asset["Extension"],
        resource_id=asset.get("ResourceId"),
        content=asset.get("Bytes"),
    )


def _branding_type(branding: ManagedLoginBranding, *, merged: bool = False) -> ManagedLoginBrandingType:
    """Return a style as answers show it.

    Args:
        merged: with the defaults of what it leaves as it is.
    """
    shown: dict[str, Any] = {
        "ManagedLoginBrandingId": branding.id,
        "UserPoolId": branding.pool_id,
        "UseCognitoProvidedValues": branding.uses_provided_values,
        "Settings": merged_settings(DEFAULT_SETTINGS, branding.settings) if merged else branding.settings,
        "Assets": [_asset_type(each) for each in branding.assets],
        "CreationDate": branding.created_at,
        "LastModifiedDate": branding.updated_at,
    }
    return cast("ManagedLoginBrandingType", shown)  # images were checked against the model's enums


def _asset_type(asset: Asset) -> dict[str, Any]:
    return {
        "Category": asset.category,
        "ColorMode": asset.color_mode,
        "Extension": asset.extension,
        "Bytes": asset.content,
        "ResourceId": asset.resource_id,
    }


def _customization_type(context: Context, customization: UiCustomization) -> UICustomizationType:
    shown: UICustomizationType = {
        "UserPoolId": customization.pool_id,
        "ClientId": customization.client_id,
        "CSSVersion": customization.version,
        "LastModifiedDate": customization.updated_at,
        "CreationDate": customization.created_at,
    }
    if customization.css is not None:
        shown["CSS"] = customization.css
    if customization.image is not None:
        path = f"{customization.pool_id}/{customization.client_id}/{customization.version}"
        shown["ImageUrl"] = f"{context.services.settings.base_url}/_logo/{path}"
    return shown
