"""What managed login looks like where a style says nothing: the colours of our own pages, in a style's members.

Source: AWS API_CreateManagedLoginBranding for the members; the values are those of `idp/web/static/pages.css`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_RADIUS = 6.0


def _modes(light: Mapping[str, Any], dark: Mapping[str, Any]) -> dict[str, Any]:
    return {"lightMode": dict(light), "darkMode": dict(dark)}


def _in_both(member: str, light: str, dark: str) -> dict[str, Any]:
    return _modes({member: light}, {member: dark})


def _button(background: str, text: str) -> dict[str, str]:
    return {"backgroundColor": background, "textColor": text}


def _bar() -> dict[str, Any]:
    """Return the settings of the page's header or footer, which our pages do not have."""
    return {
        "backgroundImage": {"enabled": False},
        "logo": {"enabled": False, "location": "START"},
        **_modes(
            {"background": {"color": "f3f5f7ff"}, "borderColor": "dde3e8ff"},
            {"background": {"color": "11161bff"}, "borderColor": "2b353eff"},
        ),
    }


_CATEGORIES: Mapping[str, Any] = {
    "auth": {
        "authMethodOrder": [
            [{"display": "BUTTON", "type": "FEDERATED"}, {"display": "INPUT", "type": "USERNAME_PASSWORD"}]
        ],
        "federation": {"interfaceStyle": "BUTTON_LIST", "order": []},
    },
    "form": {
        "displayGraphics": False,
        "instructions": {"enabled": False},
        "languageSelector": {"enabled": False},
        "location": {"horizontal": "CENTER", "vertical": "CENTER"},
        "sessionTimerDisplay": "NONE",
    },
    "global": {
        "colorSchemeMode": "DYNAMIC",
        "pageFooter": {"enabled": False},
        "pageHeader": {"enabled": False},
        "spacingDensity": "REGULAR",
    },
    "signUp": {"acceptanceElements": [{"enforcement": "NONE", "textKey": "en"}]},
}

_COMPONENT_CLASSES: Mapping[str, Any] = {
    "buttons": {"borderRadius": _RADIUS},
    "divider": _in_both("borderColor", "dde3e8ff", "2b353eff"),
    "focusState": _in_both("borderColor", "1f5f8bff", "7db8e0ff"),
    "idpButtons": {"icons": {"enabled": True}},
    "input": {
        "borderRadius": _RADIUS,
        **_modes(
            {"defaults": {"backgroundColor": "ffffffff", "borderColor": "7b8894ff"}, "placeholderColor": "55626fff"},
            {"defaults": {"backgroundColor": "1a2128ff", "borderColor": "74828fff"}, "placeholderColor": "a5b1bcff"},
        ),
    },
    "inputDescription": _in_both("textColor", "55626fff", "a5b1bcff"),
    "inputLabel": _in_both("textColor", "17212bff", "e8edf1ff"),
    "link": _modes(
        {"defaults": {"textColor": "1f5f8bff"}, "hover": {"textColor": "174a6dff"}},
        {"defaults": {"textColor": "7db8e0ff"}, "hover": {"textColor": "9fcbeaff"}},
    ),
}

_COMPONENTS: Mapping[str, Any] = {
    "alert": {
        "borderRadius": _RADIUS,
        **_modes(
            {"error": {"backgroundColor": "fdf1f0ff", "borderColor": "a3231cff"}},
            {"error": {"backgroundColor": "321c1bff", "borderColor": "ff9d94ff"}},
        ),
    },
    "favicon": {"enabledTypes": ["ICO", "SVG"]},
    "form": {
        "backgroundImage": {"enabled": False},
        "borderRadius": _RADIUS,
        "logo": {"enabled": False, "formInclusion": "IN", "location": "CENTER", "position": "TOP"},
        **_modes(
            {"backgroundColor": "ffffffff", "borderColor": "dde3e8ff"},
            {"backgroundColor": "1a2128ff", "borderColor": "2b353eff"},
        ),
    },
    "pageBackground": {"image": {"enabled": False}, **_in_both("color", "f3f5f7ff", "11161bff")},
    "pageFooter": _bar(),
    "pageHeader": _bar(),
    "pageText": _modes(
        {"bodyColor": "17212bff", "descriptionColor": "55626fff", "headingColor": "17212bff"},
        {"bodyColor": "e8edf1ff", "descriptionColor": "a5b1bcff", "headingColor": "e8edf1ff"},
    ),
    "phoneNumberSelector": {"displayType": "TEXT"},
    "primaryButton": _modes(
        {"defaults": _button("1f5f8bff", "ffffffff"), "hover": _button("174a6dff", "ffffffff")},
        {"defaults": _button("7db8e0ff", "0d1a24ff"), "hover": _button("9fcbeaff", "0d1a24ff")},
    ),
    "secondaryButton": _modes(
        {"defaults": _button("ffffffff", "1f5f8bff"), "hover": _button("f3f5f7ff", "174a6dff")},
        {"defaults": _button("1a2128ff", "7db8e0ff"), "hover": _button("11161bff", "9fcbeaff")},
    ),
}

DEFAULT_SETTINGS: Mapping[str, Any] = {
    "categories": _CATEGORIES,
    "componentClasses": _COMPONENT_CLASSES,
    "components": _COMPONENTS,
}
"""Settings of a style that differs in nothing."""
