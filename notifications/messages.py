"""In which words somebody is told: never what happened, where, or to whom; that stands behind the sign-in."""

from dataclasses import dataclass
from uuid import UUID

from storage.record.glossary import sentence


@dataclass(frozen=True, slots=True)
class Message:
    """What travels: a sentence, whether it is urgent or a drill, and the key by which a repeat is known as one."""

    key: UUID
    text: str
    urgent: bool
    drill: bool


def message_of(key: UUID, *, urgent: bool, drill: bool, language: str = "zh") -> Message:
    """The words for a send; the same for all kinds, so that none can be told from another on the way."""
    said = sentence("MESSAGE_URGENT" if urgent else "MESSAGE_WAITING", language)
    return Message(key, (sentence("MESSAGE_DRILL", language) if drill else "") + said, urgent, drill)


def pressing(message: Message, language: str = "zh") -> str:
    """What an automatic call says: the message, and which key takes it."""
    return f"{message.text}{sentence('MESSAGE_PRESS', language)}"


def title(language: str = "zh") -> str:
    """From whom a message comes, where a channel shows that apart."""
    return sentence("MESSAGE_TITLE", language)
