"""What each part of an export is, in plain words, and the areas that a person finds them in."""

from collections.abc import Mapping, Sequence

AREAS: Mapping[str, Mapping[str, str]] = {
    "Your account": {
        "users": "Your account: name, address, status and since when.",
        "avatars": "Which picture of yourself you show.",
        "avatar_sources": "Where a provider that you sign in with has a picture of you.",
        "identities": "Accounts elsewhere that you sign in with.",
        "sessions": "Devices that are signed in.",
        "totps": "That you have an authenticator app.",
        "passkeys": "Your passkeys, without what checks them.",
        "account_recoveries": "That a lost second factor is being removed.",
        "api_keys": "API keys that you made, without the keys.",
        "app_grants": "Apps that you let in.",
        "app_tokens": "Until when those apps may come, without their tokens.",
    },
    "What you made": {
        "generations": "What you asked for: your words, settings, and what became of it.",
        "generated_images": "The pictures that were made, and those that were held back.",
        "generation_references": "Which reference pictures each was made by.",
        "pictures": "Each picture that we keep: size and time.",
        "gallery_items": "What you published.",
    },
    "What you sent": {
        "reference_images": "Reference pictures, and where a face is in them; never whose.",
        "face_acknowledgements": "What you said of the faces in them.",
        "uploads": "Uploads of the last two hours.",
    },
    "What you decided": {
        "consent_records": "Each yes and no about a purpose that rests on consent, with its signed receipt.",
        "objection_records": "Objections, and when you took one back.",
        "restriction_records": "When processing was restricted, and when not any more.",
        "acceptances": "Which versions of the terms and the policy you accepted.",
        "document_versions": "Versions of the policy or the terms that you published, as staff.",
        "subscribers": "That you get news by mail.",
    },
    "What we wrote to each other": {
        "support_threads": "Conversations with support.",
        "support_messages": "What was said in them.",
        "mails": "Mail of the last days.",
        "notices": "Notices that we showed you.",
        "campaign_recipients": "News that was mailed to you in the last days.",
    },
    "Privacy requests": {
        "privacy_requests": "What you asked of us by law, and when we answered.",
        "privacy_request_details": "What was said in it.",
        "privacy_request_steps": "What was done for it.",
        "privacy_archives": "Archives like this one.",
    },
    "What is on record about you": {
        "disclosures": "What left us about you: to whom, when and why.",
        "legal_disclosures": "What was handed over because a law wanted it: to whom, when and why.",
        "audit_entries": "The log of your account.",
        "audit_details": "What the log says beside: device family, shortened network, a note.",
        "subject_aliases": "The random name that records know you by.",
        "training_items": "Which of your pictures are in a data set that models may be trained on, and why.",
        "minor_flags": "That your account was said to be a child's.",
        "feeds": "How many events your live feed had.",
        "feed_entries": "Those events: what became of pictures and requests.",
    },
}
"""Tables by area, each with what it holds."""
OTHER = "Other"


def in_words(table: str) -> str:
    """Return what a table holds, for the person whose it is."""
    return next((words[table] for words in AREAS.values() if table in words), title(table))


def area_of(table: str) -> str:
    """Return the area that a table is in."""
    return next((area for area, words in AREAS.items() if table in words), OTHER)


def title(name: str) -> str:
    """Return the name of a table or of a key as words: `displayName` is "Display name"."""
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).replace("_", " ")
    return spaced[:1].upper() + spaced[1:]


def ordered(tables: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Return the areas that have any of these tables, in their order, each with its tables in theirs."""
    places = [table for words in AREAS.values() for table in words]
    known = sorted(tables, key=lambda table: (places.index(table) if table in places else len(places), table))
    found: dict[str, list[str]] = {}
    for table in known:
        found.setdefault(area_of(table), []).append(table)
    return list(found.items())
