"""Time-stamp authorities (RFC 3161), asked in bytes by whoever may use the network: a stamp names its moment."""

from collections.abc import Awaitable, Callable

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError

Ask = Callable[[bytes], Awaitable[bytes]]
"""Posts a request (`application/timestamp-query`) and gives the answer's bytes; OSError where there is none."""


class ClockFailed(Exception):
    """The authority gave no time: out of reach, or its answer is none to what was asked."""


class Clock(TimeStamper):
    """The library's own way of being given an authority; its answers are held against what was asked."""

    def __init__(self, ask: Ask) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # The library types most of itself.
        self._ask = ask

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The authority's answer; ClockFailed without one that can be read."""
        try:
            answer = tsp.TimeStampResp.load(await self._ask(req.dump()), strict=True)
            said = answer["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed
            is_to_this = all(said[name].native == req[name].native for name in ("nonce", "message_imprint"))
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise ClockFailed(str(error)) from error
        if not is_to_this:
            raise ClockFailed("the authority answered another question")
        return answer


FAILURES = (ClockFailed, TimestampRequestError, OSError)
"""What stands for no time at all, whichever layer noticed."""
