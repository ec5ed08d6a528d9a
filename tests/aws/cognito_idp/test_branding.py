"""What hosted pages look like, set through the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.cognito_idp.pools import a_client, a_user_pool
from tests.sdk import refused

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

    from tests.fakes import FakeClock

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 16
JPEG = b"\xff\xd8\xff" + b"\x00" * 16
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'
CSS = """
/* ours */ .submitButton-customizable:hover, .label-customizable { color: #fff; width: calc(1px + 2em) !important }
.inputField-customizable:focus { border: 1px solid rgba(0, 0, 0, .5); font-family: "Noto Sans", serif; }
"""
LOGO: Any = {"Category": "FORM_LOGO", "ColorMode": "LIGHT", "Extension": "PNG", "Bytes": PNG}
COLOR: Any = {"componentClasses": {"link": {"lightMode": {"defaults": {"textColor": "ff0000ff"}}}}}
NOWHERE = "c0ffee00-0000-4000-8000-000000000000"
NOT_FOUND = "Managed login branding does not exist."


@pytest.fixture
def pool_id(idp: CognitoIdentityProviderClient) -> str:
    made = a_user_pool(idp)
    idp.create_user_pool_domain(UserPoolId=made, Domain="shop")
    return made


@pytest.fixture
def client_id(idp: CognitoIdentityProviderClient, pool_id: str) -> str:
    return a_client(idp, pool_id)


def a_style(idp: Any, pool_id: str, client_id: str, **given: Any) -> Any:
    style = given or {"UseCognitoProvidedValues": True}
    made = idp.create_managed_login_branding(UserPoolId=pool_id, ClientId=client_id, **style)
    return made["ManagedLoginBranding"]


def test_a_style_is_found_by_id_and_by_client(idp: CognitoIdentityProviderClient, pool_id: str, client_id: str) -> None:
    made = a_style(idp, pool_id, client_id, Settings=COLOR, Assets=[LOGO])

    by_id = idp.describe_managed_login_branding(
        UserPoolId=pool_id, ManagedLoginBrandingId=made["ManagedLoginBrandingId"]
    )["ManagedLoginBranding"]
    by_client = idp.describe_managed_login_branding_by_client(UserPoolId=pool_id, ClientId=client_id)

    assert by_id == by_client["ManagedLoginBranding"] == made
    assert (made["Settings"], made["UseCognitoProvidedValues"]) == (COLOR, False)
    assert made["Assets"][0]["Bytes"] == PNG


def test_merged_resources_hold_the_defaults_too(
    idp: CognitoIdentityProviderClient, pool_id: str, client_id: str
) -> None:
    a_style(idp, pool_id, client_id, Settings=COLOR)

    merged: Any = idp.describe_managed_login_branding_by_client(
        UserPoolId=pool_id, ClientId=client_id, ReturnMergedResources=True
    )["ManagedLoginBranding"]["Settings"]

    link = merged["componentClasses"]["link"]
    assert link["lightMode"]["defaults"]["textColor"] == "ff0000ff"
    assert link["darkMode"]["defaults"]["textColor"] == "7db8e0ff"
    assert merged["categories"]["global"]["colorSchemeMode"] == "DYNAMIC"


def test_a_client_has_one_style(idp: CognitoIdentityProviderClient, pool_id: str, client_id: str) -> None:
    a_style(idp, pool_id, client_id)

    with refused("ManagedLoginBrandingExistsException"):
        a_style(idp, pool_id, client_id)


def test_provided_values_exclude_values_of_ones_own(
    idp: CognitoIdentityProviderClient, pool_id: str, client_id: str
) -> None:
    with refused(
        "InvalidParameterException",
        "Settings and Assets cannot be given when UseCognitoProvidedValues is true.",
    ):
        a_style(idp, pool_id, client_id, UseCognitoProvidedValues=True, Settings=COLOR)


def test_an_update_adds_to_what_the_style_has(idp: CognitoIdentityProviderClient, pool_id: str, client_id: str) -> None:
    made = a_style(idp, pool_id, client_id, Settings=COLOR, Assets=[LOGO])
    named: Any = {"UserPoolId": pool_id, "ManagedLoginBrandingId": made["ManagedLoginBrandingId"]}
    more: Any = {"componentClasses": {"buttons": {"borderRadius": 3}}}

    idp.update_managed_login_branding(**named, Settings=more)
    dark: Any = {**LOGO, "ColorMode": "DARK", "Bytes": PNG + b"dark"}
    changed: Any = idp.update_managed_login_branding(**named, Assets=[dark])["ManagedLoginBranding"]

    assert changed["Settings"]["componentClasses"] == {**COLOR["componentClasses"], **more["componentClasses"]}
    assert {each["ColorMode"]: each["Bytes"] for each in changed["Assets"]} == {"LIGHT": PNG, "DARK": PNG + b"dark"}


def test_an_image_can_be_sent_back_by_its_id(idp: CognitoIdentityProviderClient, pool_id: str, client_id: str) -> None:
    made = a_style(idp, pool_id, client_id, Assets=[LOGO])
    again: Any = {name: value for name, value in made["Assets"][0].items() if name != "Bytes"}

    changed = idp.update_managed_login_branding(
        UserPoolId=pool_id, ManagedLoginBrandingId=made["ManagedLoginBrandingId"], Assets=[again]
    )["ManagedLoginBranding"]

    assert changed["Assets"] == made["Assets"]


def test_provided_values_take_a_style_back_to_the_defaults(
    idp: CognitoIdentityProviderClient, pool_id: str, client_id: str
) -> None:
    made = a_style(idp, pool_id, client_id, Settings=COLOR, Assets=[LOGO])

    changed = idp.update_managed_login_branding(
        UserPoolId=pool_id,
        ManagedLoginBrandingId=made["ManagedLoginBrandingId"],
        UseCognitoProvidedValues=True,
    )["ManagedLoginBranding"]

    assert (changed["UseCognitoProvidedValues"], changed["Settings"], changed["Assets"]) == (True, {}, [])


@pytest.mark.parametrize(
    ("style", "sentence"),
    [
        ("text", "Settings must be a JSON object."),
        ({"colours": {}}, "Settings has no section colours."),
        ({"components": []}, "The sections of Settings must be JSON objects."),
    ],
)
def test_settings_must_have_their_form(
    idp: CognitoIdentityProviderClient, pool_id: str, client_id: str, style: Any, sentence: str
) -> None:
    with refused("InvalidParameterException", sentence):
        a_style(idp, pool_id, client_id, Settings=style)


@pytest.mark.parametrize(
    ("assets", "sentence"),
    [
        ([LOGO, LOGO], "Assets must differ by Category or ColorMode."),
        ([{**LOGO, "Bytes": JPEG}], "The asset FORM_LOGO is no PNG image that can be shown."),
        ([{**LOGO, "Category": "FAVICON_ICO"}], "The asset FAVICON_ICO must be of type ICO."),
        (
            [{"Category": "FORM_LOGO", "ColorMode": "LIGHT", "Extension": "PNG", "ResourceId": "stranger"}],
            "The asset FORM_LOGO needs Bytes, or the ResourceId of an asset of this style.",
        ),
    ],
)
def test_images_must_be_what_they_say(
    idp: CognitoIdentityProviderClient, pool_id: str, client_id: str, assets: Any, sentence: str
) -> None:
    with refused("InvalidParameterException", sentence):
        a_style(idp, pool_id, client_id, Assets=assets)


@pytest.mark.parametrize(
    "inside",
    [
        b"<script>alert(1)</script>",
        b'<path onclick="alert(1)"/>',
        b"<foreignObject/>",
        b'<image href="https://evil.example/x"/>',
        b'<a xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="javascript:alert(1)"/>',
        b"<unclosed>",
        b"\xff",
    ],
)
def test_a_drawing_that_runs_or_fetches_is_refused(
    idp: CognitoIdentityProviderClient, pool_id: str, client_id: str, inside: bytes
) -> None:
    drawing = {**LOGO, "Extension": "SVG", "Bytes": SVG.replace(b'<path d="M0 0"/>', inside)}

    with refused("InvalidParameterException", "The asset FORM_LOGO is no SVG image that can be shown."):
        a_style(idp, pool_id, client_id, Assets=[drawing])


def test_a_harmless_drawing_is_taken(idp: CognitoIdentityProviderClient, pool_id: str, client_id: str) -> None:
    made = a_style(idp, pool_id, client_id, Assets=[{**LOGO, "Extension": "SVG", "Bytes": SVG}])

    assert made["Assets"][0]["Bytes"] == SVG


def test_a_pool_has_at_most_twenty_styles(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    for _ in range(20):
        a_style(idp, pool_id, a_client(idp, pool_id))

    with refused("LimitExceededException", "A user pool has at most 20 managed login branding styles."):
        a_style(idp, pool_id, a_client(idp, pool_id))


def test_a_style_of_two_megabytes_is_taken(idp: CognitoIdentityProviderClient, pool_id: str, client_id: str) -> None:
    made = a_style(idp, pool_id, client_id, Assets=[{**LOGO, "Bytes": PNG + b"\x00" * 900_000}])

    assert len(made["Assets"][0]["Bytes"]) > 900_000


@pytest.mark.parametrize(
    "operation",
    ["describe_managed_login_branding", "update_managed_login_branding", "delete_managed_login_branding"],
)
def test_the_styles_of_another_pool_are_out_of_reach(
    idp: CognitoIdentityProviderClient, pool_id: str, client_id: str, operation: str
) -> None:
    made = a_style(idp, pool_id, client_id)

    with refused("ResourceNotFoundException", NOT_FOUND):
        getattr(idp, operation)(UserPoolId=a_user_pool(idp), ManagedLoginBrandingId=made["ManagedLoginBrandingId"])


def test_a_deleted_style_leaves_room_for_another(
    idp: CognitoIdentityProviderClient, pool_id: str, client_id: str
) -> None:
    made = a_style(idp, pool_id, client_id)
    idp.delete_managed_login_branding(UserPoolId=pool_id, ManagedLoginBrandingId=made["ManagedLoginBrandingId"])

    with refused("ResourceNotFoundException", NOT_FOUND):
        idp.describe_managed_login_branding_by_client(UserPoolId=pool_id, ClientId=client_id)
    a_style(idp, pool_id, client_id)


def test_a_client_without_a_look_of_its_own_has_that_of_all(
    idp: CognitoIdentityProviderClient, clock: FakeClock, pool_id: str, client_id: str
) -> None:
    idp.set_ui_customization(UserPoolId=pool_id, CSS=CSS)

    found = idp.get_ui_customization(UserPoolId=pool_id, ClientId=client_id)["UICustomization"]

    assert (found["ClientId"], found["CSS"]) == ("ALL", CSS)
    assert found["CSSVersion"] == clock.now().strftime("%Y%m%d%H%M%S")
    assert "ImageUrl" not in found


def test_a_clients_own_look_comes_first(idp: CognitoIdentityProviderClient, pool_id: str, client_id: str) -> None:
    idp.set_ui_customization(UserPoolId=pool_id, ClientId="ALL", CSS=CSS)
    idp.set_ui_customization(UserPoolId=pool_id, ClientId=client_id, CSS=".logo-customizable { width: 1px }")

    found = idp.get_ui_customization(UserPoolId=pool_id, ClientId=client_id)["UICustomization"]

    assert found["CSS"] == ".logo-customizable { width: 1px }"


def test_setting_nothing_takes_a_look_away(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    idp.set_ui_customization(UserPoolId=pool_id, CSS=CSS, ImageFile=PNG)

    idp.set_ui_customization(UserPoolId=pool_id)

    assert idp.get_ui_customization(UserPoolId=pool_id)["UICustomization"] == {}


@pytest.mark.parametrize(("image", "content_type"), [(PNG, "image/png"), (JPEG, "image/jpeg")])
def test_a_logo_is_served_where_its_address_says(
    idp: CognitoIdentityProviderClient, web: FlaskClient, pool_id: str, image: bytes, content_type: str
) -> None:
    set_to = idp.set_ui_customization(UserPoolId=pool_id, ImageFile=image)["UICustomization"]

    answer = web.get(set_to["ImageUrl"])

    assert (answer.data, answer.content_type) == (image, content_type)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_logo_of_a_deleted_client_is_gone(
    idp: CognitoIdentityProviderClient, web: FlaskClient, pool_id: str, client_id: str
) -> None:
    set_to = idp.set_ui_customization(UserPoolId=pool_id, ClientId=client_id, ImageFile=PNG)["UICustomization"]

    idp.delete_user_pool_client(UserPoolId=pool_id, ClientId=client_id)

    assert web.get(set_to["ImageUrl"]).status_code == 404


def test_there_is_no_logo_where_none_was_set(web: FlaskClient, pool_id: str) -> None:
    assert web.get(f"/_logo/{pool_id}/ALL/1").status_code == 404
    assert web.get(f"/_logo/{pool_id}/%00/1").status_code == 404


@pytest.mark.parametrize(
    ("css", "sentence"),
    [
        ("body { color: red }", "The CSS selector 'body' is not supported."),
        (
            "@import 'x'; .label-customizable {}",
            "The CSS selector \"@import 'x'; .label-customizable\" is not supported.",
        ),
        (".label-customizable:hover {}", "The CSS selector '.label-customizable:hover' is not supported."),
        (
            ".label-customizable { background: url(https://evil.example/x) }",
            "The CSS is malformed.",
        ),
        (
            ".label-customizable { background: url(x) }",
            "The CSS of background uses a value that is not supported.",
        ),
        (
            ".label-customizable { width: expression(alert) }",
            "The CSS of width uses a value that is not supported.",
        ),
        (".label-customizable { behavior: x }", "The CSS of behavior uses a value that is not supported."),
        (".label-customizable { color: red</style><script> }", "The CSS is malformed."),
        (".label-customizable { color: \\75rl(x) }", "The CSS is malformed."),
        (".label-customizable { color: red", "The CSS is malformed."),
        (".label-customizable { .x { color: red } }", "The CSS is malformed."),
        (".label-customizable { color: red } /* never closed", "The CSS is malformed."),
        (".label-customizable { color }", "The CSS is malformed."),
    ],
)
def test_a_style_sheet_that_could_do_harm_is_refused(
    idp: CognitoIdentityProviderClient, pool_id: str, css: str, sentence: str
) -> None:
    with refused("InvalidParameterException", sentence):
        idp.set_ui_customization(UserPoolId=pool_id, CSS=css)


@pytest.mark.parametrize("css", ["/*" * 65_000, ".x{" * 43_000, "a:" * 65_000, "(" * 131_000])
def test_a_hostile_style_sheet_is_refused_at_once(idp: CognitoIdentityProviderClient, pool_id: str, css: str) -> None:
    with refused("InvalidParameterException", "The CSS is malformed."):
        idp.set_ui_customization(UserPoolId=pool_id, CSS=css)


@pytest.mark.parametrize(
    ("image", "sentence"),
    [
        (b"GIF89a", "The image must be a PNG or JPEG file."),
        (SVG, "The image must be a PNG or JPEG file."),
        (PNG + b"\x00" * 102_400, "The image must have at most 102400 bytes."),
    ],
)
def test_a_logo_is_a_small_picture(
    idp: CognitoIdentityProviderClient, pool_id: str, image: bytes, sentence: str
) -> None:
    with refused("InvalidParameterException", sentence):
        idp.set_ui_customization(UserPoolId=pool_id, ImageFile=image)


def test_a_look_needs_a_domain(idp: CognitoIdentityProviderClient) -> None:
    with refused("InvalidParameterException", "There has to be an existing domain associated with this user pool."):
        idp.set_ui_customization(UserPoolId=a_user_pool(idp), CSS=CSS)


@pytest.mark.parametrize("operation", ["set_ui_customization", "get_ui_customization"])
def test_a_look_is_for_clients_of_the_pool(idp: CognitoIdentityProviderClient, pool_id: str, operation: str) -> None:
    stranger = a_client(idp, a_user_pool(idp))

    with refused("ResourceNotFoundException", f"User pool client {stranger} does not exist."):
        getattr(idp, operation)(UserPoolId=pool_id, ClientId=stranger)
