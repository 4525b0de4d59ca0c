### Why a file or an entry did not come in, or came in with a remark. An identifier is `reasons-` and the reason's code.

reasons-empty = The file is empty.
reasons-too-large = The file is larger than 32 MB.
reasons-inflates-too-large = The compressed file unpacks to more than 64 MB, or to far more than health records do.
reasons-broken-gzip = The compressed file is damaged or cut short.
reasons-gzip-unread-rest = The compressed file is followed by bytes that belong to nothing; what came before them was taken in.
reasons-too-many-parts = The compressed file is put together from more than 10,000 parts.
reasons-encoding-utf16 = The file is written in UTF-16. Please save it as UTF-8.
reasons-encoding-not-utf8 = This is not written in UTF-8; it may be an older Western encoding.
reasons-not-fhir-json = The file is not a FHIR record in JSON.
reasons-no-resource-type = This does not say what kind of FHIR record it is.
reasons-xml-broken = This is not well-formed XML, or not as FHIR writes it. Nothing of it was taken in.
reasons-xml-doctype = This defines its own words at its start, which is not safe to follow. Nothing of it was taken in.
reasons-xml-too-large = The file becomes too large when it is read.
reasons-xml-encoding = The letters of this XML file are written in a way that cannot be read here.
reasons-xml-letters-lost = Some letters of this file are damaged. They are shown as �.
reasons-truncated = This ends in the middle; a part is missing. Nothing of it was taken in.
reasons-broken-json = This is not well-formed JSON.
reasons-control-bytes = There are control characters where text should be.
reasons-json-comment = There are comments, which JSON does not allow.
reasons-trailing-comma = There is a comma too many before a closing bracket.
reasons-too-deep = The record is nested too deeply to be read safely.
reasons-too-many-entries = The file holds more than 100,000 entries.
reasons-resource-too-large = The record is larger than 4 MB even without its attachments.
reasons-not-an-object = This entry is not a FHIR record.
reasons-deleted = The source deleted this record; there is nothing to keep.
reasons-no-resource = The entry holds no record.
reasons-operation-outcome = A message from the source's server, not a health record.
reasons-duplicate-key = A field appears twice in the record. The last one counts, as in most readers.
reasons-doubled-entry-list = The bundle has its field `entry` more than once; the entries of all of them were looked at.
reasons-doubled-resource = The entry has its field `resource` more than once; which record is meant is not clear.
reasons-type-differs = An attachment is not of the type it says it is.
reasons-invalid-base64 = An attachment is damaged and cannot be opened.
reasons-date-unclear = A date cannot be right and is left out; the record is shown without a date.
reasons-unit-unclear = A result's unit is stated in two ways that differ; it is kept out of charts.
reasons-odd-shape = Some fields do not have the form that FHIR asks for; what could be read is shown.
reasons-several-patients = The file holds records of more than one patient.
reasons-other-release = The file is written in another FHIR release than R4; its records are shown in plain form.
reasons-subject-unclear = It is not clear whose record this is; the file is about one person, so it is filed as theirs.
reasons-subject-unknown = The record is about someone else than the persons of this file; it stays in the file and is filed with nobody.
reasons-deep-nesting = The record is nested unusually deep.

## A code that this version does not know

reasons-unknown = This could not be read.
