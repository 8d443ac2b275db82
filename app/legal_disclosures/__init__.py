"""What we had to hand over to courts, authorities or parties to a case: on record, and told to the person (P13)."""
