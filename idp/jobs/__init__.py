"""Work outside requests: importing users, and deleting what has expired.  Of several workers one does each piece of it."""
