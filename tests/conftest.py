"""The fixtures that a test may ask for."""

pytest_plugins = ["tests.browser", "tests.databases", "tests.network"]
