"""What a client may know of an error that reached the transport."""

from graphql import GraphQLError
from strawberry.http import GraphQLHTTPResponse

from schema.extensions.cost import THROTTLED
from schema.extensions.masking import log_unexpected, presentable


def masked(error: Exception, request_id: str) -> GraphQLError:
    """Log an error if it is unexpected, and return what the client may know of it."""
    wrapped = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
    log_unexpected([wrapped], request_id)
    return presentable(wrapped, request_id)


def retry_after(response: GraphQLHTTPResponse) -> int | None:
    """Return the seconds after which a throttled operation may be sent again; None for any other answer."""
    for error in response.get("errors") or ():
        extensions = error.get("extensions", {}) if isinstance(error, dict) else {}
        if extensions.get("code") == THROTTLED:
            return int(extensions["retryAfterSeconds"])
    return None
