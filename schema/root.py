"""The roots. They compose; nothing is resolved here."""

import strawberry

from schema.accounts.address_mutations import AddressMutations
from schema.accounts.client_registry import ClientMutations, ClientQueries
from schema.accounts.factor_mutations import FactorMutations
from schema.accounts.key_mutations import KeyMutations
from schema.accounts.mutations import AccountMutations
from schema.accounts.profile_mutations import ProfileMutations
from schema.accounts.queries import AccountQueries
from schema.accounts.recovery_mutations import RecoveryMutations
from schema.accounts.session_mutations import SessionMutations
from schema.accounts.staff_mutations import StaffMutations
from schema.analytics.queries import AnalyticsQueries
from schema.audit.queries import AuditQueries
from schema.consents.mutations import ConsentMutations
from schema.consents.queries import ConsentQueries
from schema.gallery.mutations import GalleryMutations
from schema.gallery.queries import GalleryQueries
from schema.generation.mutations import GenerationMutations
from schema.generation.queries import GenerationQueries
from schema.generation.subscriptions import GenerationSubscriptions
from schema.legal_disclosures.mutations import LegalDisclosureMutations
from schema.media.mutations import MediaMutations
from schema.media.queries import MediaQueries
from schema.minors.mutations import MinorMutations
from schema.nodes import NodeQueries
from schema.outreach.mutations import OutreachMutations
from schema.outreach.subscriptions import OutreachSubscriptions
from schema.policy.cookies import CookieQueries
from schema.policy.mutations import PolicyMutations
from schema.policy.queries import PolicyQueries
from schema.privacy.mutations import PrivacyMutations
from schema.privacy.office_mutations import PrivacyOfficeMutations
from schema.privacy.queries import PrivacyQueries
from schema.privacy.subscriptions import PrivacySubscriptions
from schema.processors.queries import ProcessorQueries
from schema.registers.queries import RegisterQueries
from schema.retention.queries import RetentionQueries
from schema.support.mutations import SupportMutations
from schema.support.queries import SupportQueries
from schema.training.queries import TrainingQueries


@strawberry.type
class Query(
    AccountQueries,
    ClientQueries,
    AuditQueries,
    PolicyQueries,
    RegisterQueries,
    RetentionQueries,
    ConsentQueries,
    CookieQueries,
    ProcessorQueries,
    GenerationQueries,
    GalleryQueries,
    AnalyticsQueries,
    MediaQueries,
    SupportQueries,
    TrainingQueries,
    PrivacyQueries,
    NodeQueries,
):
    """Reads."""


@strawberry.type
class Mutation(
    AccountMutations,
    AddressMutations,
    FactorMutations,
    KeyMutations,
    SessionMutations,
    RecoveryMutations,
    ProfileMutations,
    StaffMutations,
    ClientMutations,
    ConsentMutations,
    MediaMutations,
    GenerationMutations,
    GalleryMutations,
    PolicyMutations,
    OutreachMutations,
    SupportMutations,
    MinorMutations,
    LegalDisclosureMutations,
    PrivacyMutations,
    PrivacyOfficeMutations,
):
    """Commands."""


@strawberry.type
class Subscription(GenerationSubscriptions, OutreachSubscriptions, PrivacySubscriptions):
    """What can be watched."""
