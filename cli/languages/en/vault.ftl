### What the commands say of the vault, of persons, of sharing and of keeping safe, in English. An identifier is a section and a key.

## Failures

failure-prefix = kosha: { $message }
