//! The encrypted store: sealed rows, attachments, RAM index, search, log.
