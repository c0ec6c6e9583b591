"""Groups: made, joined by the bot, turned into supergroups, and left."""

from __future__ import annotations

from tests.emulators.telegram.model import GROUP, SUPERGROUP, Chat, Json, Message, member_status
from tests.emulators.telegram.people import ImpossibleError
from tests.emulators.telegram.world import World


class Groups:
    """What happens to groups; the first member is the one who acts."""

    def __init__(self, world: World) -> None:
        self._world = world

    def create(self, title: str, members: list[int], supergroup: bool = False) -> Chat:
        """A group without the bot."""
        if not members or any(member not in self._world.people for member in members):
            raise ImpossibleError("a group needs members who exist")
        number = self._world.new_supergroup_id() if supergroup else self._world.new_group_id()
        group = Chat(number, SUPERGROUP if supergroup else GROUP, title, list(members), bot_status="left")
        group.was_opened = True
        self._world.chats[number] = group
        return group

    def add_bot(self, number: int) -> None:
        group = self._group(number)
        self._change_status(group, "member")
        bot = self._world.bot.as_user()
        joined = {"new_chat_participant": bot, "new_chat_member": bot, "new_chat_members": [bot]}
        self._service(group, joined)

    def remove_bot(self, number: int) -> None:
        group = self._group(number)
        bot = self._world.bot.as_user()
        if group.type == GROUP:
            self._service(group, {"left_chat_participant": bot, "left_chat_member": bot})
        self._change_status(group, "kicked")

    def migrate(self, number: int) -> Chat:
        """Make the group a supergroup: another chat with another id, and the old one is closed."""
        old = self._group(number)
        if old.type != GROUP:
            raise ImpossibleError("only a basic group becomes a supergroup")
        new = Chat(self._world.new_supergroup_id(), SUPERGROUP, old.title, old.members, bot_status=old.bot_status)
        new.was_opened = True
        self._world.chats[new.id] = new
        self._service(old, {"migrate_to_chat_id": new.id})
        old.migrated_to = new.id
        self._service(new, {"migrate_from_chat_id": old.id})
        return new

    def _service(self, group: Chat, content: Json) -> None:
        """A message that Telegram writes; bots get these whatever they may read."""
        sender = self._world.people[group.members[0]].as_user()
        message = group.add(Message(group.next_id(), sender, self._world.now(), content))
        if group.bot_status == "member":
            self._world.announce("message", group, message)
        self._world.changes.tell()

    def _change_status(self, group: Chat, status: str) -> None:
        if group.bot_status == status:
            raise ImpossibleError("already so")
        old, group.bot_status = group.bot_status, status
        by = self._world.people[group.members[0]].as_user()
        self._world.announce_bot_status(group, by, member_status(old), member_status(status))

    def _group(self, number: int) -> Chat:
        group = self._world.chats.get(number)
        if group is None or group.is_private:
            raise ImpossibleError(f"there is no group {number}")
        return group
