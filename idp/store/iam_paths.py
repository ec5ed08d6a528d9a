"""IAM roles and users below a path, as a range of the index of path and name."""

from __future__ import annotations

from idp.store.users import successor


def page_bounds(path_prefix: str, after: str) -> dict[str, str]:
    """Return what a page below a path is between.

    Args:
        path_prefix: begins with a slash.
        after: path and name of the last row of the page before, as one text; empty for the first page.

    Returns:
        `after_path` and `after_name`, below all rows of the page, and `following`, above all paths with the prefix.
    """
    path, slash, name = after.rpartition("/")  # a path ends with a slash, and no name holds one
    following = successor(path_prefix)
    assert following is not None, "it begins with a slash"
    return {
        "after_path": max(path + slash, path_prefix),
        "after_name": name,
        "following": following,
    }
