"""Deployment packages: unpacked once per revision, and never outside their own directory."""

import stat
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from idp.backends.lambda_runtime import InvalidCode, LambdaRuntime, verify_code
from tests.backends.functions import REGION, a_function, a_runtime, called, packed

UNREADABLE = "Could not unzip uploaded file. Please check your file, then try to upload again."
ANSWER = "def handler(event, context): return 'ok'"


def an_entry(name: str, mode: int) -> ZipInfo:
    entry = ZipInfo(name)
    entry.external_attr = mode << 16
    return entry


def packed_entry(entry: ZipInfo, content: bytes) -> bytes:
    package = BytesIO()
    with ZipFile(package, "w", ZIP_DEFLATED) as archive:
        archive.writestr(entry, content, ZIP_DEFLATED)
    return package.getvalue()


HOSTILE = {
    "no zip": b"not a zip file",
    "absolute path": packed({"/tmp/outside": ""}),
    "path upwards": packed({"inside/../../outside": ""}),
    "symbolic link": packed_entry(an_entry("link", stat.S_IFLNK | 0o777), b"/etc/passwd"),
    "device": packed_entry(an_entry("device", stat.S_IFCHR | 0o666), b""),
}


@pytest.mark.parametrize("package", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_package_is_refused(runtime: LambdaRuntime, package: bytes) -> None:
    with pytest.raises(InvalidCode, match=UNREADABLE):
        verify_code(package)
    with pytest.raises(InvalidCode, match=UNREADABLE):
        runtime.invoke(a_function("", zip_bytes=lambda: package), b"{}", region=REGION)


def test_a_package_that_unpacks_to_more_than_250_megabytes_is_refused() -> None:
    package = BytesIO()
    block = packed_entry(an_entry("zeros", stat.S_IFREG | 0o644), bytes(1024))
    package.write(block.replace((1024).to_bytes(4, "little"), (262144001).to_bytes(4, "little")))

    with pytest.raises(InvalidCode, match="Unzipped size must be smaller than 262144000 bytes"):
        verify_code(package.getvalue())


def test_a_damaged_package_leaves_nothing_behind(runtime: LambdaRuntime, tmp_path: Path) -> None:
    damaged = packed({"app.py": ANSWER}).replace(b"'ok'", b"'no'", 1)

    with pytest.raises(InvalidCode, match=UNREADABLE):
        runtime.invoke(a_function("", zip_bytes=lambda: damaged), b"{}", region=REGION)

    assert list((tmp_path / "code").iterdir()) == []


def test_a_good_package_is_accepted() -> None:
    verify_code(packed({"app.py": ANSWER, "library/__init__.py": ""}))


def test_code_is_unpacked_once_for_all_servers(runtime: LambdaRuntime, tmp_path: Path) -> None:
    packages = iter([packed({"app.py": ANSWER})])
    function = a_function("", zip_bytes=lambda: next(packages))

    with a_runtime(tmp_path) as another:
        assert called(runtime, function) == "ok"
        assert called(another, function) == "ok"


def test_programs_in_a_package_stay_executable(runtime: LambdaRuntime) -> None:
    package = BytesIO()
    with ZipFile(package, "w") as archive:
        archive.writestr(an_entry("tool", stat.S_IFREG | 0o755), "#!/bin/sh\necho done")
        archive.writestr(
            "app.py",
            "import subprocess\ndef handler(event, context): return subprocess.check_output('./tool').decode()",
        )

    assert called(runtime, a_function("", zip_bytes=package.getvalue)) == "done\n"
