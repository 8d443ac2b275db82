"""What a client may know of an error that reached the transport."""

from graphql import GraphQLError

from schema.extensions.masking import log_unexpected, presentable


def masked(error: Exception, request_id: str) -> GraphQLError:
    """Log an error if it is unexpected, and return what the client may know of it."""
    wrapped = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
    log_unexpected([wrapped], request_id)
    return presentable(wrapped, request_id)
