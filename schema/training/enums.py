"""The enums of training, registered once, each value with its words."""

import strawberry

from app.training.eligibility import IN_WORDS as REFUSALS
from app.training.eligibility import TrainingRefusal as TrainingRefusal
from app.training.marking import IN_WORDS as EXCLUSIONS
from app.training.marking import Exclusion as Exclusion

strawberry.enum(TrainingRefusal, description="Why pictures may not train models.")
strawberry.enum(Exclusion, name="TrainingExclusion", description="Why what is in a data set may not be used any more.")
for _value in TrainingRefusal.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _value.description = REFUSALS[TrainingRefusal(_value.value)]
for _value in Exclusion.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _value.description = EXCLUSIONS[Exclusion(_value.value)]
