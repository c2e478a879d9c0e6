from django.conf import settings

from apps.comms.providers.base import ProviderError, Sms, SmsProvider, Unclear


class MockSms(SmsProvider):
    """Speaks to ``apps.comms.simulator`` over real HTTP; nobody's phone rings."""

    def deliver(self, sms: Sms) -> str:
        body = {"id": sms.id, "to": sms.phone, "text": sms.text}
        reply = self.call("POST", f"{settings.SMS_MOCK_URL}/messages", body)
        if reply.get("id") != sms.id or reply.get("status") != "accepted":
            raise Unclear("unreadable")
        return str(reply["reference"])

    def status(self, message_id: str) -> str | None:
        try:
            reply = self.call("GET", f"{settings.SMS_MOCK_URL}/messages/{message_id}")
        except ProviderError as error:
            if error.word == "not_found":
                return None
            raise
        if reply.get("status") not in ("accepted", "delivered", "failed"):
            raise Unclear("unreadable")
        return str(reply["status"])
