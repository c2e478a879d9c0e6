"""The providers by the word that an organisation's settings say."""

from apps.comms.providers.base import Sms, SmsProvider
from apps.comms.providers.mock import MockSms

PROVIDERS: dict[str, type[SmsProvider]] = {"mock": MockSms}

__all__ = ["PROVIDERS", "Sms", "SmsProvider"]
