"""Page tokens, where the operations of this face look for them."""

from idp.flows.paging import list_page, open_page_token, seal_page_token

__all__ = ["list_page", "open_page_token", "seal_page_token"]
