"""An emulated Slack workspace for tests: Web API, Socket Mode and signed HTTP, people, and faults.

    with slack_workspace() as slack:
        ana = slack.add_person("Ana")
        queue = slack.add_channel("queue", members=[ana])
        …point the app at slack.api_url with slack.bot_token and slack.app_token…
        message = slack.post(ana, queue, "hola")

It shares no code with the product, and is held against slack-sdk and Bolt in `test_slack_emulator*.py`.
"""

from .client import Acknowledged, Message, NotPossible, SlackWorkspace, Submitted, View
from .running import slack_process, slack_workspace
from .signed_http import signed_headers

__all__ = [
    "Acknowledged",
    "Message",
    "NotPossible",
    "SlackWorkspace",
    "Submitted",
    "View",
    "signed_headers",
    "slack_process",
    "slack_workspace",
]
