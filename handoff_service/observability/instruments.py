"""What is counted and timed as it happens. One process, one registry: Prometheus adds replicas up.

Base units (seconds), `_total` for what only grows, few label values, and never the id of a conversation, a customer or
an agent. What stands in the record (queues, backlogs) is read from it at each scrape: see `depths`.
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram, Info

ACK_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
TURN_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 4, 6, 8)

events = Counter("handoff_events_total", "Events recorded by this process", ["kind"])
ack_seconds = Histogram(
    "handoff_message_ack_seconds", "From a customer's message to its durable acknowledgement", buckets=ACK_BUCKETS
)
turn_seconds = Histogram("rasa_turn_seconds", "One turn of the assistant", ["outcome"], buckets=TURN_BUCKETS)
commit_seconds = Histogram("db_commit_seconds", "One transaction, without its wait for the writer", buckets=ACK_BUCKETS)
commit_size = Histogram("db_commit_size", "Use-cases that one commit wrote together", buckets=(1, 2, 4, 8, 16, 32))
store_failures = Counter("handoff_store_failures_total", "Transactions refused since nothing could be stored or read")
sockets = Gauge("handoff_ws_connections", "Open WebSockets", ["kind"])
refused = Counter("handoff_refused_total", "Messages and connections refused, by code", ["code"])
duplicates = Counter("handoff_duplicates_dropped_total", "What a platform brought a second time", ["source"])
dead_letters = Counter("handoff_dead_letters_total", "What was set aside after the last try", ["source"])
ambiguous_sends = Counter("handoff_ambiguous_sends_total", "Sendings whose answer was lost", ["sink"])
slack_calls = Counter("handoff_slack_calls_total", "Calls of Slack's Web API, by outcome", ["method", "outcome"])
loop_lag = Gauge("event_loop_lag_seconds", "How late the event loop came to a tick, at worst since the last scrape")
files_limit = Gauge("handoff_files_limit_bytes", "From how many kept bytes on customers can send no file; 0 for never")
build = Info("handoff_build", "Which version runs")
