"""From event to document: planning, posting and resolving. Decisions are pure; effects come in as ports."""
