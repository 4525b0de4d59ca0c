### What the wallet says of records, in English. An identifier is a section and a key.


## The course of one value over time. $last is "trend-onDay" or "trend-inTime"

trend-onDay = { $value } on { $date }
trend-inTime = { $value } in { $date }
trend-one = { $n } result, { $last }
trend-inYear = { $n } results in { $year }, lowest { $low }, highest { $high }, last { $last }
trend-overYears = { $n } results from { $from } to { $to }, lowest { $low }, highest { $high }, last { $last }
trend-converted = { $n ->
    [one] { $sentence }; { $n } was sent in another unit and is converted
   *[other] { $sentence }; { $n } were sent in another unit and are converted
}
trend-whole = { $sentence }.
trend-withoutUnit = Without a unit: { $sentence }.
trend-ofUnit = In { $unit }: { $sentence }.
trend-ofName = { $name }: { $sentence }.
trend-nothing = Nothing can be drawn.
trend-notDrawn = { $n ->
    [one] { $n } record is not drawn: { $reason }.
   *[other] { $n } records are not drawn: { $reason }.
}
trend-systolic = Systolic
trend-diastolic = Diastolic

## Results dated after today. $text is the value of the one dated last

results-ahead = { $n ->
    [one] { $n } more is dated after today, and not taken for the latest: { $text }, { $date }.
   *[other] { $n } more are dated after today, and not taken for the latest. The last of them: { $text }, { $date }.
}
results-allAhead = Its date lies after today.

## Why records are not drawn, by reason

notDrawn-no-date = { $n ->
    [one] it has no date
   *[other] they have no date
}
notDrawn-ahead = { $n ->
    [one] its date lies after today
   *[other] their dates lie after today
}
notDrawn-unit-unclear = { $n ->
    [one] its unit in words and its unit code say different things
   *[other] unit in words and unit code say different things
}
notDrawn-no-number = { $n ->
    [one] its value is no number
   *[other] their values are no numbers
}
notDrawn-too-large = { $n ->
    [one] its number is too large to draw
   *[other] their numbers are too large to draw
}
notDrawn-withdrawn = { $n ->
    [one] its source withdrew it as a mistake
   *[other] their source withdrew them as mistakes
}
notDrawn-not-a-fact = { $n ->
    [one] it was called off, ruled out, not done or only planned
   *[other] they were called off, ruled out, not done or only planned
}
notDrawn-too-many = only the newest { $most } readings are drawn

## Charts. What follows a sign in the legend

chart-hour = { $date } { $hour }:00
chart-otherSources = Other sources
chart-hollow = hollow: written down by you
chart-own = written down by you
chart-arrow = arrow: below or above this, not known how far
chart-bound = below, above this
chart-ring = ring: outside, says the laboratory or its range
chart-rangeThen = the laboratory's range at that time
chart-range = the laboratory's range

## How the latest result compares with the one before

compared-higher = higher than before
compared-lower = lower than before
compared-same = same as before

## How a medicine stands

medicine-current = Current, as its source says
medicine-handed-out = Handed out
medicine-on-hold = On hold
medicine-unknown = Not said whether it is taken
medicine-may-have-ended = May have ended
medicine-planned = Planned
medicine-stopped = Stopped
medicine-ended = Ended
medicine-given = Given
medicine-cancelled = Called off
medicine-not-given = Not given
medicine-not-taken = Not taken
medicine-do-not-take = Do NOT take

## What is on file against a medicine

warnings-allergy = Allergy on file: { $against }
warnings-do-not-take = On file as not to be taken: { $against }

## How an allergy stands

allergy-stated = Stated by its source
allergy-unconfirmed = Not confirmed
allergy-over = No longer
allergy-ruled-out = Ruled out
allergy-none-known = Said to be none

## Where a problem stands in the list

section-problem = Problems
section-suspected = Suspected
section-visit-diagnosis = Diagnoses of visits
section-ruled-out = Ruled out

## How a problem stands

problem-active = Active
problem-recurrence = Back again
problem-unknown = Not said whether it is over
problem-remission = In remission
problem-inactive = Inactive
problem-resolved = Resolved
problem-ruled-out = Ruled out

## Doses of vaccines: on record, and by the schedules

dose-overdue = Overdue
dose-due = Due
dose-depends = Only under a condition
dose-later = Later
dose-given = On record
dose-not-needed = Not given any more at this age

due-birth-date-unknown = The birth date is not known here, so nothing can be said of what is due.
due-ask = Ask your doctor; districts differ. The list holds a schedule against the doses on record here and knows nothing else of you.
due-unrecorded = A dose that is not on record here may have been given all the same.

## Visits and what came in

visits-outside = Outside visits

news-new = New
news-changed = Sent anew by its source
news-withdrawn = Taken back by its source
news-started = Started since
news-stopped = Stopped since

## The emergency card

card-dosed = { $name }: { $dosage }
card-named = { $name } ({ $plain })
card-otherwise = Another record says: { $said }.
card-otherwiseBy = Another record says: { $said } ({ $by }).
card-by = { $source }, { $date }
against-allergy = An allergy of this person is on file all the same.
against-bloodGroup = Please check the blood group. { $said }
card-serious = Can be serious, by one of the records.
card-bloodGroupsDiffer = The records do not agree on the blood group.
card-unchecked = These facts come from the records named with them, as they were when this card was made. Nobody has checked them for an emergency.
card-absent = What is not here is not known here. It does not mean that there is none.

## One record: labels of its details, status, how certain it is

detail-person = Person
detail-date = Date
detail-kind = Kind
detail-value = Value
detail-range = Range
detail-dosage = Dosage
detail-status = Status
detail-certainty = Certainty
detail-source = Source
detail-codes = Codes
detail-type = Type
detail-added = Came in
detail-versions = Versions
detail-before = Before
detail-note = Note

shown-moment = { $day }, { $time }
shown-momentUtc = { $day }, { $time } UTC
shown-meaning = { $name }: { $text }
shown-before = { $line } (came in { $added })

status-active = Active
status-inactive = Inactive
status-recurrence = Back again
status-relapse = Back again
status-remission = In remission
status-resolved = Over
status-completed = Completed
status-stopped = Stopped
status-ended = Ended
status-on-hold = On hold
status-suspended = On hold
status-cancelled = Called off
status-revoked = Withdrawn
status-draft = Draft
status-entered-in-error = Entered in error
status-unknown = Not known
status-not-done = Not done
status-not-taken = Not taken
status-intended = Planned
status-planned = Planned
status-proposed = Suggested
status-final = Final
status-preliminary = Not final
status-registered = Not final
status-partial = Not final
status-amended = Corrected
status-corrected = Corrected
status-appended = Added to
status-finished = Finished
status-in-progress = In progress
status-arrived = Arrived
status-current = Current
status-superseded = Old version
status-booked = Booked
status-fulfilled = Took place
status-noshow = Missed
status-recorded = Recorded

certainty-confirmed = Confirmed
certainty-unconfirmed = Not confirmed
certainty-provisional = Suspected
certainty-differential = One of several possibilities
certainty-refuted = Ruled out
certainty-entered-in-error = Entered in error

## Why two records are taken for the same

because-same-code = same code
because-same-name = same name
because-same-time = same time
because-same-day = same day
because-same-value = same value
because-no-date = one has no date

## Who wrote an entry down, where no name is known

writer-unnamed = Entered by you

## Why a file or a part of it did not come in, or came in with a remark

reasons-file-unreadable = The file could not be read.
reasons-file-too-large = The file is larger than 32 MB, the most that is read at once. It was not taken in.
reasons-becomes-too-large = What is in the file takes more than 64 MB as records. Nothing of it was taken in.
reasons-file-is-a-link = A link to another place is not followed.
reasons-not-a-file = This is neither a file nor a folder.
reasons-folder-too-deep = The folders are nested too deeply.
reasons-too-many-files = Only 100,000 files are looked at in one import; this one and those after it were not.
reasons-record-too-large = The record has more text in its fields than can be listed; it stays in the file, which is kept.
reasons-known-file = This very file is here already.
reasons-own-log = This is the log of a wallet that was exported. It holds no health records.
reasons-own-earlier = These are older versions of records, from a wallet that was exported.
reasons-put-back = What was kept of this was damaged or lost. It is whole again.
reasons-new-person = The file names a person who was not known here; a new person was made.
reasons-other-person = The file names another person than the one it was filed with.
reasons-filed-with-another-person = Some of it was here already, filed with another person; there it stays.
reasons-several-persons-fit = Several persons here have this name and birth date. It was filed with the first of them.
reasons-name-differs = The name differs from the one known of this person.
reasons-birth-date-differs = The birth date differs from the one known of this person.
reasons-gender-differs = The gender differs from the one known of this person.
reasons-person-not-named = Some records do not say whose they are; they were filed with the owner of this vault.
reasons-attachment-too-large = The file is larger than 2 GiB, the most that is kept.
reasons-kept-as-document = It holds no records that can be read, and is kept as a document.
reasons-too-large-to-read = The file is larger than 32 MB, the most that is looked into. It is kept whole, as a document.
reasons-zip-broken = The archive is damaged here, or cut.
reasons-zip-encrypted = This part of the archive is locked with a password. Unpack it first, then import what was in it.
reasons-zip-method = This part of the archive is packed in a way that is not known here.
reasons-zip-outside = The name of this part of the archive leads out of it.
reasons-zip-too-deep = Archives inside archives are opened only two deep.
reasons-file-empty = The file is empty.
reasons-file-changed = The file changed while it was read. Try again.
reasons-left-out = It was left out, as you wished; import the file again to take it in.
reasons-separate-version = The same record is here with other content; both are kept.
reasons-replaced-since = Its sender has replaced this value since, and the newer one is here. This one is kept with the file.

## Why it is asked whose records a file holds

questions-new-person = The file names a person who is not known here.
questions-other-person = The file names another person than the one it is to be filed with.
questions-person-differs = The file names a person who is known here by a number, and says something else of them.
questions-person-not-named = The file does not say whose records these are.

## What a link showed: sections, and what has to be said with them

heading-allergies = Allergies
heading-medicines = Medicines
heading-problems = Problems
heading-results = Results
heading-vitals = Vital signs
heading-reports = Reports
heading-imaging = Imaging
heading-immunizations = Immunisations
heading-procedures = Procedures
heading-visits = Visits
heading-documents = Documents
heading-plans = Advised and planned
heading-family = Family
heading-devices = Devices
heading-other = Other records

viewed-nothingSaid = The sender said nothing about these.
viewed-nothingReadable = Nothing about these could be read. Something in this link is unreadable; it may hold some.
viewed-checkpointDamaged = The checkpoint of the sender's log is damaged.
viewed-healthCards = A file holds health cards; they are not shown here.
viewed-unread = { $n ->
    [one] { $n } entry could not be read and so not shown: { $reason }
   *[other] { $n } entries could not be read and so not shown: { $reason }
}
viewed-nameless = Someone without a name
viewed-born = born { $date }
viewed-several = This link speaks of { $n } different persons: { $names }. Each entry says whose it is.
viewed-oddLink = The link is written in an odd way.
viewed-pastExpiry = The link says that its time is over, yet it still opened.
viewed-moreFiles = There are more files than are read.
viewed-fileLeftOut = File { $number } was left out: { $problem }

genders-male = male
genders-female = female
genders-other = other
genders-unknown = gender not known

## Why a file of a link was left out

leftOut-entry = its entry is not understood.
leftOut-api = it offers access to a server, which is not used.
leftOut-address = its address may not be opened.
leftOut-transport = its server could not be reached, or its answer was not understood.
leftOut-gone = the server no longer has it.
leftOut-busy = the server is busy.
leftOut-redirected = the server sends elsewhere, which is not followed.
leftOut-status = the server refused it.
leftOut-not-encrypted = it is not encrypted in the way of health links.
leftOut-wrong-key = the key in the link does not open it.
leftOut-compression = it is compressed in an unknown way.
leftOut-inflate = its compressed content is damaged.
leftOut-too-large = it is larger than is accepted.
leftOut-total-too-large = the files together are larger than is accepted.
leftOut-total-time = the files together took too long.
leftOut-unknown-content = it holds neither records nor health cards.

## What a phone says while it asks for a finger

prompt-unlock = Open your health records
prompt-rotate = Give your health records a new key
prompt-card = Show the emergency card

## Where these may not be the records that were left here

doubt-older-copy = This is an older copy of your records: it ends at change { $here }, and this device knows of change { $known }. What was added, shared or stopped after that is missing here. Once you know how that came about, you can take them as the right ones.
doubt-changed-copy = This copy of your records has another history than the one this device knows: something that happened is not in it. Once you know how that came about, you can take them as the right ones.
doubt-other-vault = These are not the records that were kept here before: another vault was put in their place. Add nothing to it until you know why. Once you know how that came about, you can take them as the right ones.
doubt-other-restore = This copy is from before your records were restored, or was restored somewhere else. Once you know how that came about, you can take them as the right ones.
doubt-no-anchor = This device has no note of how far your records had come, so it cannot tell whether this is an older copy of them. On a device that has these records for the first time that is as it should be: take them as the right ones.
doubt-anchor-unreadable = The note of how far your records had come is damaged or was replaced, so this device cannot tell whether this is an older copy of them. Compare the newest entries of the log with what you remember, then take them as the right ones.
doubt-anchor-unavailable = The note of how far your records had come could not be reached, so this device cannot tell whether this is an older copy of them. It is compared again when the place of the note can be read.
doubt-anchor-not-kept = The note of how far your records have come could not be kept, so an older copy of them might not be noticed later. It is tried again with the next command.
doubt-not-comparable = Your records are damaged, so this device cannot tell whether this is an older copy of them. A check of the vault names the places.

## What a deletion does not reach

unreached-copy-both = An old copy of the vault's folder still opens with the passphrase or the 24 words of its day.
unreached-backup-both = A backup made before still holds what was deleted, and opens with the passphrase or the 24 words of its day.
unreached-copy-words = An old copy of the vault's folder still opens with the 24 words of its day.
unreached-backup-words = A backup made before still holds what was deleted, and opens with the 24 words of its day.
unreached-copy-passphrase = An old copy of the vault's folder still opens with the passphrase of its day.
unreached-backup-passphrase = A backup made before still holds what was deleted, and opens with the passphrase of its day.
unreached-others = What other records say about it stays in them.
unreached-device = This device's key opens no old copy any more.
unreached-shares = { $n ->
    [one] { $n } share held it; as far as is known, { $opened } was opened. Who opened it may have kept it; `revoke` ends a link, not a copy.
   *[other] { $n } shares held it; as far as is known, { $opened } of them were opened. Who opened one may have kept it; `revoke` ends a link, not a copy.
}

## How a vault survives the loss of a device or a passphrase

survival-words = With the 24 words everything can be opened again. Whoever has them and a copy of the vault can read it.
survival-device = There are no recovery words. Whoever loses this device needs the passphrase; without both, the records cannot be opened.
survival-passphrase = There are no recovery words. Whoever forgets the passphrase cannot open the records any more.

## What a scanned text is

scanned-shl = A link to shared health records.
scanned-shl-damaged = A link to shared health records, but it is damaged or was made by a newer version.
scanned-shc = A health card signed by the organisation that issued it.
scanned-shc-damaged = A health card, but the code is damaged or not complete.
scanned-shc-part = One part of a health card that is spread over several codes.
scanned-hc1 = A national health certificate. It is recognised but cannot be read here yet.
scanned-vhlink = A verifiable health link. It is recognised but cannot be opened here yet.
scanned-abha = An ABHA identity, as stated by whoever made the code. It has not been verified.
scanned-upi = A payment request, not a health record. Nothing has been paid or opened.
scanned-url = A web address, not a health record. It has not been opened.
scanned-text = Plain text that is not a health code.
scan-label = Label
scan-server = Server
scan-ends = Ends
scan-passcode = Passcode
scan-asked = asked for
scan-notAsked = not asked for
scan-part = Part
scan-partOf = { $number } of { $of }
scan-form = Form
scan-card = card
scan-number = number
scan-address = address
scan-checkDigit = Check digit
scan-fits = fits
scan-fitsNot = does not fit
scan-host = Host
scan-protected = Protected
scan-unprotected = no

## What a share would hold

shareField-name = name
shareField-birth-date = birth date
shareField-gender = gender
shareField-identifiers = identifiers
shareField-telecom = telecom
shareField-address = address
review-dated = { $title } ({ $date })
review-files = { $title } has files inside: { $names }
review-sections = { $title } has sections: { $names }
review-contained = { $title } has more inside: { $names }
review-tooLarge = { $title }: its files are larger than the { $most } MB that a link can carry
shareLeft-entered-in-error = { $n ->
    [one] { $n } that was withdrawn by its source as a mistake
   *[other] { $n } that were withdrawn by their source as mistakes
}
shareLeft-supporting = { $n ->
    [one] { $n } that only names people or places
   *[other] { $n } that only name people or places
}
shareLeft-other-kind = { $n ->
    [one] { $n } that is of another kind
   *[other] { $n } that are of another kind
}
shareLeft-not-chosen = { $n ->
    [one] { $n } that was not chosen
   *[other] { $n } that were not chosen
}
shareLeft-undated = { $n ->
    [one] { $n } that has no date
   *[other] { $n } that have no date
}
shareLeft-outside-period = { $n ->
    [one] { $n } that is outside the period
   *[other] { $n } that are outside the period
}
shareLeft-sensitive = { $n ->
    [one] { $n } that is of a sensitive kind that was not ticked
   *[other] { $n } that are of a sensitive kind that was not ticked
}

## What a proof of a log shows, and what it cannot show

proved-size = { $n ->
    [one] The log had { $n } entry when this was signed with its key.
   *[other] The log had { $n } entries when this was signed with its key.
}
proved-whole = Every entry of the log is in this file, unchanged and in order.
proved-each = { $n ->
    [one] The entry is in the log under its number, word for word.
   *[other] Each of the entries is in the log under its number, word for word.
}
proved-since = { $n ->
    [one] The log as it was with { $n } entry is its beginning: none of them was changed, removed or reordered.
   *[other] The log as it was with { $n } entries is its beginning: none of them was changed, removed or reordered.
}
proved-keyGiven = The key is the one that you gave.
proved-keyOfCheckpoint = The key is the one that signed your checkpoint.
proved-whose = Whose log this is: compare the fingerprint with the one that a share of this person carried.
proved-others = Whether others were shown another log: only checkpoints that are compared tell.
proved-unwritten = Whether something happened that was never written into the log.
proved-after = { $n ->
    [one] What happened after the { $n } entry that was signed.
   *[other] What happened after the { $n } entries that were signed.
}
proved-times = Whether the times are right: they are those of the device's clock.
