"""Uploaded files of user imports, in equal pieces, so that no process needs all of one and every worker finds it."""

from __future__ import annotations

import sqlalchemy as sa

from idp.store.tables.jobs import user_import_chunks as t

PIECE_BYTES = 512 * 1024

_PIECE = sa.select(t.c.content).where(t.c.upload_id == sa.bindparam("upload_id"), t.c.number == sa.bindparam("number"))
_DELETE = t.delete().where(t.c.job_id == sa.bindparam("job_id"))
_DELETE_UPLOAD = t.delete().where(t.c.upload_id == sa.bindparam("upload_id"))


class UserImportFiles:
    """The stored files, by upload."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add_piece(self, job_id: str, upload_id: str, number: int, content: bytes) -> None:
        """Store a piece: `PIECE_BYTES` long unless it is the last."""
        row = {"job_id": job_id, "upload_id": upload_id, "number": number, "content": content}
        self._connection.execute(t.insert(), row)

    def find_piece(self, upload_id: str, number: int) -> bytes | None:
        """Return a piece, counted from 0; None after the last."""
        values = {"upload_id": upload_id, "number": number}
        content: bytes | None = self._connection.execute(_PIECE, values).scalar_one_or_none()
        return content

    def delete(self, job_id: str) -> None:
        """Delete everything that was uploaded for a job."""
        self._connection.execute(_DELETE, {"job_id": job_id})

    def delete_upload(self, upload_id: str) -> None:
        """Delete one upload."""
        self._connection.execute(_DELETE_UPLOAD, {"upload_id": upload_id})
