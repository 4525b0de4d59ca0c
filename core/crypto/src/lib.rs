//! Keys and envelopes of Kosha: the only place that holds key bytes.
