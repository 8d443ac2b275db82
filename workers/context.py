"""What a job gets to work with."""

from dataclasses import dataclass

from app.analytics.provider import UsageReports
from app.core.concerns import WorkSettings
from app.core.signing import Signer
from app.generation.fulfilment import Studio
from app.journal.writing import Journal
from app.mail.service import PostOffice
from app.marketing.readership import Readership
from app.media.avatars import AvatarCopier
from app.privacy.erasure import Eraser
from app.privacy.rights.base import RunPorts
from app.retention.service import Sweeper


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """The ports of this worker process."""

    settings: WorkSettings
    studio: Studio
    post_office: PostOffice
    avatars: AvatarCopier
    signer: Signer
    readership: Readership
    eraser: Eraser
    sweeper: Sweeper
    requests: RunPorts
    """What carrying out privacy requests takes."""
    journal: Journal
    reports: UsageReports | None = None
    """None: no provider of statistics is configured."""
