"""What the roll-up of visits holds about a person: nothing. It has days, pages and counts."""

from app.core.personal_data import NOT_PERSONAL, Holder

HOLDERS = (Holder("page_visits", None, dict.fromkeys(("id", "day", "page", "kind", "count"), NOT_PERSONAL)),)
