"""A client's style of managed login: settings and images.

Source: AWS API_CreateManagedLoginBranding, API_ManagedLoginBrandingType, API_AssetType; spec USER_POOLS section 11.6.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import orjson

from idp.domain.errors import InvalidParameter
from idp.domain.images import is_image

SECTIONS = frozenset({"categories", "componentClasses", "components"})
MAX_ASSETS = 40
MAX_SETTINGS_BYTES = 1024 * 1024
MAX_STYLE_BYTES = 8 * 1024 * 1024
_ONLY = {"FAVICON_ICO": "ICO", "FAVICON_SVG": "SVG"}


@dataclass(frozen=True, slots=True)
class Asset:
    """An image; `category` and `color_mode` together say where it is shown."""

    category: str
    color_mode: str
    extension: str
    resource_id: str
    content: bytes = field(repr=False)

    @property
    def place(self) -> tuple[str, str]:
        """Return where it is shown; one image has one place."""
        return self.category, self.color_mode

    def document(self) -> dict[str, str]:
        """Return the image as JSON holds it: bytes in Base64."""
        return {**asdict(self), "content": base64.b64encode(self.content).decode()}

    @classmethod
    def from_document(cls, document: Mapping[str, str]) -> Asset:
        """Read what `document` gave."""
        return cls(**{**document, "content": base64.b64decode(document["content"])})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class ManagedLoginBranding:
    """A stored style.

    Attributes:
        uses_provided_values: the defaults and nothing else.
        settings: what differs from the defaults.
    """

    id: str
    pool_id: str
    client_id: str
    uses_provided_values: bool
    settings: Mapping[str, Any]
    assets: tuple[Asset, ...]
    created_at: datetime
    updated_at: datetime
    version: int = 1


def check_settings(settings: Any) -> None:
    """Check a style's Settings.

    Raises:
        InvalidParameter: it is no JSON object of the sections there are, or larger than a style may be.

    Unknown: the sentences, and what AWS checks below the sections.
    """
    if not isinstance(settings, dict):
        raise InvalidParameter("Settings must be a JSON object.")
    unknown = sorted(settings.keys() - SECTIONS)
    if unknown:
        raise InvalidParameter(f"Settings has no section {unknown[0]}.")
    if not all(isinstance(section, dict) for section in settings.values()):
        raise InvalidParameter("The sections of Settings must be JSON objects.")
    if len(orjson.dumps(settings)) > MAX_SETTINGS_BYTES:
        raise InvalidParameter(f"Settings must have at most {MAX_SETTINGS_BYTES} bytes.")


def check_assets(assets: Iterable[Asset]) -> None:
    """Check a style's images.

    Raises:
        InvalidParameter.

    Unknown: the sentences.
    """
    assets = tuple(assets)
    if len({asset.place for asset in assets}) < len(assets):
        raise InvalidParameter("Assets must differ by Category or ColorMode.")
    if len(assets) > MAX_ASSETS or sum(len(asset.content) for asset in assets) > MAX_STYLE_BYTES:
        raise InvalidParameter(f"A style has at most {MAX_ASSETS} assets of {MAX_STYLE_BYTES} bytes in all.")
    for asset in assets:
        if _ONLY.get(asset.category, asset.extension) != asset.extension:
            raise InvalidParameter(f"The asset {asset.category} must be of type {_ONLY[asset.category]}.")
        if not is_image(asset.content, asset.extension):
            raise InvalidParameter(f"The asset {asset.category} is no {asset.extension} image that can be shown.")


def merged_settings(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings in which `above` wins, member by member; lists are replaced whole."""
    merged = dict(below)
    for name, value in above.items():
        held = merged.get(name)
        if isinstance(held, Mapping) and isinstance(value, Mapping):
            merged[name] = merged_settings(held, value)
        else:
            merged[name] = value
    return merged


def merged_assets(below: Iterable[Asset], above: Iterable[Asset]) -> tuple[Asset, ...]:
    """Return the images in which those of `above` take the places they name."""
    return tuple(({asset.place: asset for asset in below} | {asset.place: asset for asset in above}).values())
