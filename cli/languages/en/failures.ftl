### What went wrong, and what to do next, in English. An identifier is a section and a key; `error` and `hint` go by the code of the error.

## What went wrong, by its code

error-no-vault = There is no vault here yet.
error-vault-exists = There is a vault here already.
error-in-use = The vault is open in another program. Close that one first.
error-wrong-key = This does not open the vault. Check the passphrase and try again.
error-wrong-phrase = These 24 words do not open this vault. They may be the words of another one, or older ones.
error-phrase-word = Word { $position } is not one of the words of a recovery phrase. Check its spelling.
error-phrase-count =
    { $count ->
        [one] A recovery phrase has 24 words; this is 1.
       *[other] A recovery phrase has 24 words; these are { $count }.
    }
error-phrase-order = Each word is a right one, yet together they are no recovery phrase. Two may be swapped, or one may be another word.
error-locked = The vault is locked.
error-needs-recovery = The key of this device is gone, so it cannot open the vault.
error-key-lost = The key of this device is gone, and this vault has no other way to be opened. A backup may still have one.
error-last-way = This is the only way to open the vault. Add another one first.
error-no-recovery = There are no recovery words for this vault.
error-parts-deleted = A part of this file was deleted, so it is not kept as it came in. Its other records are still here.
error-keystore = The keystore of this device did not give its key.
error-weak-passphrase = Choose a passphrase of at least 8 characters.
error-newer-vault = The vault was written by a newer version of Kosha.
error-damaged = Something in the vault that is needed for this is damaged. Nothing was changed.
error-read-only = The vault is in a place where nothing can be written, so it can only be read. To change it, copy its whole folder to a place that can be written.
error-not-a-vault = The vault here is damaged beyond reading.
error-other-files = This folder already holds other files, and no vault. They were left alone; choose an empty folder, or a new one.
error-disk-full = The disk is full. Nothing was lost; free some space and try again.
error-io = The system could not read or write the vault's files.
error-newer-backup = This backup has format { $format }, of a newer version of Kosha; this version reads format 1. It was left alone. Update Kosha to use it.
error-dangling-link = The folder of the vault is a link that leads to nothing. Check whether the drive that it leads to is connected, or choose another folder.
error-no-such-folder = The folder in which the vault is to be made does not exist. Make it first, or choose another one.
error-inside-vault = This is inside the folder of the vault, in which nothing but the vault may be. Choose another place.
error-not-empty = This folder is not empty. Choose one that is empty, or that is not there yet.
error-internal = Something went wrong inside. Nothing was changed.
error-no-such-record = There is no record or document with this id.
error-no-such-share = There is no share with this id.
error-no-such-entry = The log has no entry with this number.
error-anchor-not-kept = It is recorded, yet the note of how far your records have come could not be kept. Try again later.
error-no-visit = There is no visit yet. Name a day.
error-no-such-result = No result goes by this code or name.
error-no-such-person = There is no person with this id or name.
error-same-person = These two are one person already.
error-not-merged = This person is not merged with another.
error-bad-name = A name has 1 to 200 characters.
error-bad-relation = Write self, partner, parent, child, sibling, grandparent, grandchild or other.
error-bad-gender = Write female, male, other or unknown.
error-bad-birth-date = This birth date is in the future, or more than 150 years ago. Write it as 1980-01-02, 1980-01 or 1980.
error-same-name = There is somebody of this name already. If this is another person, say so, or give birth dates that tell them apart.
error-owner-is-part = These records belong to this person, who cannot become a part of somebody else. Merge the two the other way round, or make the other one the owner first.
error-nothing-to-change = Nothing would change: say what is to be another.
error-owner-is-known = These records belong to somebody who is here already. To make this person the owner, say so.
error-bad-field = Write name, birth-year, blood-group, allergies, conditions, medicines or contact.
error-bad-contact = The field contact needs a text of at most 200 characters, and the text needs the field.
error-no-keystore = This device has no keystore that could keep the key of an emergency card.
error-no-emergency-card = There is no emergency card.
error-no-such-attachment = The record has no attachment of this number.
error-bad-range = This is not a part of the file. Write the first and the last byte, 0-999, or 1000- for the rest.
error-not-the-same = These two are listed apart already.
error-nothing-to-undo = There is nothing to take back.
error-ambiguous = Several begin like this. Give more letters of the id or the name.
error-person-needed = Records of several persons are here. Say whose are meant.
error-bad-date = This is not a date. Write 2024, 2024-03 or 2024-03-05.
error-bad-expiry = This is not a span of time. Write 15m, 6h, 1d or 2w, up to 366d.
error-bad-views = A share can be limited to between 1 and 1,000,000 openings. Without a limit it opens until it ends.
error-bad-kind = There is no such kind of record.
error-bad-sensitive = There is no such sensitive kind. Write hiv, mental, sexual or substance.
error-bad-cursor = This does not continue an earlier page.
error-nothing-chosen = Say what to share: everything, kinds, single records, or a span of time.
error-nothing-to-share = Nothing matches this choice, so there is nothing to share.
error-several-persons = These records belong to more than one person. One share never holds two persons.
error-bad-passcode = A passcode has 4 to 64 characters.
error-direct-with-passcode = A direct link cannot ask for a passcode.
error-not-permitted = This share is not permitted: { $reason }
error-too-large = This is more than one link can carry. Choose fewer records.
error-bad-relay = The relay's address is not usable: https is needed, except on this computer.
error-relay-unreachable = The relay could not be reached. The share waits and is sent next time.
error-relay-refused = The relay did not accept the share: { $reason }
error-upload-token-needed = The relay did not accept the share: it asks for an upload token.
error-qr-too-long = The link is too long for a QR code.
error-bad-link = This is not a health link: { $reason }
error-link-ended = The link has expired, was withdrawn, or is used up.
error-passcode-needed = This link asks for a passcode.
error-wrong-passcode = The passcode is not right.
error-not-own-entry = This was not written down here, so it is not corrected or removed. It can be filed with another person, or deleted for good.
error-entry-removed = This entry was removed. Write it down anew if it is right after all.
error-other-sort = This entry is of another sort. Correct it by one of its own sort, or remove it and write down the other.
error-person-stays = A correction leaves an entry with its person. File it with the other one first.
error-said-already = The very same was written down less than a minute ago. If it is meant once more, say so.
error-not-a-backup = This file is not a backup. Nothing was changed.
error-backup-of-another-vault = This file holds the backup of another vault. It was left alone; choose another file.
error-backup-of-another-copy = This file holds a backup made by another copy of this vault. It was left alone; choose another file.
error-backup-unfinished = The end of this backup is missing. What it held before that is whole.
error-backup-cut-short = A part of this backup is missing, so it cannot be used.
error-backup-surplus = Behind the end of this backup stands something that does not belong to it. What it holds before that is whole.
error-backup-head-altered = This may be a backup whose beginning is damaged, so that it does not say which vault it is of. It was left alone; choose another file.
error-backup-mixed = This backup is put together of pieces that do not belong together. It cannot be used as it is.
error-backup-needs-secret = A backup has to open on another device. Give the vault a passphrase or a recovery phrase first.
error-backup-unsound = The vault inside this backup is damaged in parts.
error-backup-not-found = There is no such file. Check its name, and whether the drive that it is on is connected.
error-backup-no-folder = The folder for the backup does not exist. Make it first, or choose another one.
error-backup-is-folder = This is a folder. A backup is one file: add a name for it.
error-backup-io = The system could not read or write the file of the backup, or the folder that it is in.
error-backup-altered = This backup was changed or damaged. It cannot be used as it is.
error-no-scratch = Nothing can be written in the folder for temporary files, in which a backup is verified.
error-link-busy = The link could not be opened: its server asks to wait before trying again.
error-no-network = The link could not be opened: its server could not be reached.
error-timeout = The link could not be opened: its server took too long to answer.
error-answer-too-large = The link could not be opened: its server sent more than is accepted.
error-insecure = The link could not be opened: no secure connection was possible.
error-not-understood = The link could not be opened: its server's answer was not understood.
error-redirected = The link could not be opened: its server sends elsewhere, which is not followed.
error-unreadable = The link could not be opened: its content does not decrypt or cannot be read.
error-proof-unreadable = This is not a proof file, or it is damaged.
error-proof-newer = This proof file was made by a newer version of Kosha.
error-bad-key = This is not a key: give the 64 digits of a fingerprint, or the text of a verifier.
error-bad-checkpoint = What is to be compared with is not a checkpoint of a log, or it was changed.
error-proof-other-key = This log is signed with another key than the one to compare with. It is not the same log.
error-proof-signature = The signature in this proof file does not hold: what it says of the log was changed.
error-proof-entry = Entry { $n } is not in the log as it was signed: it was changed, moved, or was never there.
error-proof-rewritten = The log is not the one of the earlier checkpoint: something in it was changed, removed or reordered.
error-proof-cut-off = The checkpoint to compare with knows of { $held } entries, and this log ends at { $here }: it is older, or was cut off at its end.
error-proof-not-comparable = This proof file does not show how the log grew from the { $held } entries of your checkpoint. Ask for one that was made with it.
error-nothing-to-prove = Say what to prove: single entries, those of a share, or all.
error-not-a-number = This is not a number. Write it as 72.5.
error-out-of-bounds = What is taken for { $what }: { $low } to { $high } { $unit }. Look again at the number and its unit.
error-bad-blood-group = Write the blood group as A+, A-, B+, B-, AB+, AB-, O+ or O-.
error-future-date = This date lies in the future.
error-ends-before-it-begins = It ends before it begins. Look again at the two dates.
error-no-reaction = Say which reaction was so severe.
error-note-of-note = A note is all text; it has no further note.

## The same code, said of something else

errorBackup-inside-vault = This is inside the folder of the vault: what is there is lost together with the vault. Choose another place, best on another drive.
errorBackup-dangling-link = The name of the backup is a link that leads to nothing. Check whether the drive that it leads to is connected, or choose another file.
entry-ambiguousNumber = This number can be read in two ways. Write it with a point, as 72.5, and without separators.
entry-ambiguousFeet = Feet with a fraction can be read in two ways. Write 5 ft 11 in, or centimetres.
entry-unitMissing = Say the unit too: { $units }.
entry-unitUnknown = This unit is not known here. Write { $units }.
entry-bloodPressure = Write the blood pressure as 130/85.
entry-bloodPressureOrder = The first value of a blood pressure is the higher one: 130/85.
entry-empty = The text for { $field } is empty.
entry-tooLong = The text for { $field } is too long: at most { $most } characters.
entry-controlCharacter = The text for { $field } holds control characters, which cannot be kept.
entry-date = This is not a date. Write 2024, 2024-03, 2024-03-05 or 2024-03-05T10:20.
entry-timesADay = A medicine is taken 1 to 24 times a day.
entry-doseNumber = The number of a dose is between 1 and 99.

## What of an own entry is meant

field-problem = the problem
field-vaccine = the vaccine
field-place = the place
field-medicine = the medicine
field-strength = the strength
field-dose = the dose
field-when = when it is taken
field-reason = the reason
field-allergy = the allergy
field-reaction = the reaction
field-doctor = the doctor
field-note = the note
measure-weight = weight
measure-height = height
measure-pulse = pulse
measure-temperature = body temperature
measure-oxygen = oxygen saturation
measure-sugar = blood sugar
measure-systolic = upper blood pressure
measure-diastolic = lower blood pressure

## What opens the vault

opens-both = It opens with the passphrase or the 24 recovery words.
opens-passphrase = It opens with the passphrase.
opens-recovery = It opens with the 24 recovery words.
opens-device = It opens with the device that it was made on.
passcode-left =
    { $count ->
        [0] No tries are left; the link does not open any more.
       *[other] Tries left: { $count }.
    }

## What to type next

hint-no-vault = `kosha init` makes one.
hint-other-files = `--vault DIR` names one.
hint-no-such-folder = `--vault DIR` names one.
hint-no-recovery = `kosha recovery` makes them.
hint-not-a-vault = `kosha restore FILE --replace` brings back a backup, and moves what is here aside into a folder beside it.
hint-vault-exists = `--vault DIR` names another folder. If it can no longer be opened, `kosha restore FILE --replace` brings back a backup, and moves what is here aside into a folder beside it.
hint-damaged = `kosha check` names the places.
hint-person-needed = Name one with --person; `kosha persons` lists them.
hint-nothing-chosen = Use --all, --kind, --record, --from or --to.
hint-no-such-person = `kosha persons` lists them.
hint-no-visit = `kosha changes --since 2024-03-05` takes one.
hint-no-such-result = `kosha results` and `kosha results --vitals` list what there is.
hint-same-name = `--same-name` says so; `kosha person change P --birth-date D` gives somebody who is here a birth date.
hint-owner-is-known = `--owner` says so; `kosha person change P --owner` gives it back.
hint-not-own-entry = `kosha refile` does the one, `kosha delete` the other.
hint-person-stays = `kosha refile ID --to P` does that.
hint-said-already = `--again` says so.
hint-bad-cursor = Copy the `next` of that page.
hint-upload-token-needed = Set KOSHA_RELAY_TOKEN to the one you were given.
next-check = Type `kosha check`.
next-anchor = It is in the folder that KOSHA_ANCHOR names, else in that of this user's program states.
next-accept = `kosha check --accept-copy` does that.

## Files and the system

file-taken = There is a file of this name already. Choose another name.
file-noFolder = The folder for this file does not exist. Make it first, or choose another one.
file-notWritable = Nothing can be written in the folder for this file. Choose another one.
qr-ending = The file for the QR code has to end in .png or .svg.
qr-notWritable = The file for the QR code cannot be written there.
qr-nothingShared = Nothing was shared.
qr-lost = The records are shared; the link is above. The picture of its QR code could not be written.
system-full = The disk is full.
system-denied = The system did not permit it.
system-failed = Reading or writing failed.
system-noJson = The result could not be written as JSON.
system-outputFull = The command was carried out, but its result could not be written to standard output: no space is left where it goes. What is in the vault is not touched by this.
system-outputDenied = The command was carried out, but its result could not be written to standard output: the system did not permit it. What is in the vault is not touched by this.
system-outputFailed = The command was carried out, but its result could not be written to standard output: the system refused to write. What is in the vault is not touched by this.
system-noDataFolder = This computer names no data folder. Say where the vault is with --vault.
system-badProxy = KOSHA_PROXY is not the address of a proxy.
system-noTransport = The secure transport could not be set up.
system-textTooLong = This text is longer than any code.
system-notText = This is not text.
system-notOpened = A part of the vault without which it cannot be opened is damaged. Nothing was changed. `kosha restore --replace FILE` brings back a backup, and puts the damaged vault aside.

## Why a share is not permitted, a relay refuses, a link is none

errorPermit-no-purpose = say what it is for.
errorPermit-text-too-long = purpose and recipient may each be up to 200 characters long.
errorPermit-already-over = it would have ended before it began.
errorPermit-no-view = a limit must allow at least one view.
errorPermit-consent = the consent does not allow it.
errorPermit-not-agreed = a record is not part of what was agreed to.
errorPermit-passcode = it was agreed to without a passcode.
errorRelay-bad-address = its address cannot be used.
errorRelay-conflict = the link is taken.
errorRelay-too-large = it is more than the relay takes. Choose fewer records.
errorRelay-refused = the relay does not understand it.
errorLink-unreadable = it is damaged, not complete, or made by a newer version.
errorLink-address = its address may not be opened.
errorLink-private-network = its address points into a private network.

## Which units are taken

entryUnits-weight = kg or lb
entryUnits-height = cm, m, in, or 5 ft 11 in
entryUnits-pulse = per minute, or nothing
entryUnits-temperature = C or F
entryUnits-oxygen = %, or nothing
entryUnits-sugar = mg/dL or mmol/L
