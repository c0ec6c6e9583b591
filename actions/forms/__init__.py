"""Conversations that end in something done: questions, one confirmation, a code. Each flow is one short file."""
