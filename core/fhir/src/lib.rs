//! Reading FHIR: splitting, heads, dates, quantities, labels, cards, summaries.
