"""Telegram: updates are committed before they are confirmed, and what is said is sent at least once, in order.

polling/webhook → intake (commit) → handling (one verb of the switchboard) …
… transcript → delivery (what is next, in what state of doubt) → sending (the Bot API)
"""
