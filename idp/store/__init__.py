"""SQL: tables, and repositories that turn rows into frozen dataclasses and back."""
