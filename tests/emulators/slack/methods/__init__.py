"""The Web API's methods; importing this registers all of them."""

from . import chat, conversations, files, identity, reactions, users, views

__all__ = ["chat", "conversations", "files", "identity", "reactions", "users", "views"]
