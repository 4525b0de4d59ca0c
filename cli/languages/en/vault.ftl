### What the commands say of the vault, of persons, of sharing and of keeping safe, in English. An identifier is a section and a key.

## Times

clock-time = { $day } { $month } { $year }, { $clock } UTC
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec

## What an import brought

import-total =
    { $count ->
        [one] 1 file: { $sum }
       *[other] { $count } files: { $sum }
    }
import-new = { $count } new
import-updated = { $count } updated
import-duplicate = { $count } known already
import-skipped = { $count } passed over
import-refused = { $count } refused
import-lineRefused = refused: { $text }
import-lineSkipped = passed over: { $text }
import-lineNote = note: { $text }
import-entry = entry { $n }: { $text }
import-more = and { $count } more; --json lists all

## Whose records a file holds

whose-question = Whose are they? Number, n for a new person, l to leave them out:
whose-born = born { $date }
alike-same-identifier = same number
alike-same-name = same name
alike-same-birth-date = same birth date
alike-name-differs = another name
alike-birth-date-differs = another birth date
alike-gender-differs = another gender
alike-wished = named with --person
gender-female = female
gender-male = male
gender-other = other
gender-unknown = unknown

## Persons

persons-noName = (no name yet)
persons-owner = owner
persons-also = also
relation-self = self
relation-partner = partner
relation-parent = parent
relation-child = child
relation-sibling = sibling
relation-grandparent = grandparent
relation-grandchild = grandchild
relation-other = other
filed-none = Nothing was moved.
filed-anew =
    { $count ->
        [one] 1 record filed anew.
       *[other] { $count } records filed anew.
    }
filed-stayed =
    { $count ->
        [one] 1 record stayed.
       *[other] { $count } records stayed.
    }
filed-undo = Take it back with: kosha refile --undo

## Sharing

review-heading = What will be seen
review-person = Whose
review-about = About them
review-more = and { $count } more
review-note = Note
review-stays = Stays here
review-purpose = Purpose
review-for = For
review-ends = Ends
review-openings = Openings
review-atMost = at most { $count }
review-passcode = Passcode
review-passcodeAsked = asked for
review-passcodeNone = none: whoever has the code can open it
share-agree = Share this?
share-declined = Nothing was shared.
share-ends = Ends at { $time }. Stop it earlier with: kosha revoke { $id }
shares-none = Nothing was shared yet.
shares-stale = The relay could not be reached; this is what was last known.
shares-opened =
    { $count ->
        [0] not opened
        [1] opened once
       *[other] opened { $count } times
    }
shares-until = { $state }, ends at { $time }
shares-for = for { $name }
shares-records =
    { $count ->
        [one] 1 record
       *[other] { $count } records
    }
shares-neverSent = Withdrawn. This share never reached its relay, so there is no link to stop.
shares-unconfirmed = Recorded. Not yet confirmed, ends at { $time }. Every later command tries again.
shares-stopped =
    { $count ->
        [0] The link no longer works. It was not opened.
        [1] The link no longer works. It was opened once.
       *[other] The link no longer works. It was opened { $count } times.
    }
shareState-pending = pending
shareState-active = active
shareState-revoking = not yet confirmed
shareState-revoked = revoked
shareState-expired = expired
shareState-failed = failed
shareState-used-up = used-up

## Opening a link

view-noCheckpoint = This share carries no checkpoint of its sender's log.
view-whoseUnsaid = Not said whose
view-key = Key of the sender's log { $key }

## Watching shares

watch-unreached = A relay could not be reached; it is asked again.
watch-following =
    { $count ->
        [0] No share is active.
        [1] Watching 1 share. Ctrl-C ends this.
       *[other] Watching { $count } shares. Ctrl-C ends this.
    }
watch-opened = opened by { $name } (a name as given, not checked)
watch-openedNameless = opened by someone who gave no name

## Questions

prompt-passphrase = Passphrase:
prompt-choose = Choose a passphrase:
prompt-new = New passphrase:
prompt-again = Once more:
prompt-differ = The two passphrases differ.
prompt-passcodeNew = Passcode for the doctor:
prompt-passcodesDiffer = The two passcodes differ.
prompt-passcode = Passcode:
prompt-recovery = The 24 recovery words, in one line:
prompt-yesNo = { $question } [y/N]
prompt-noTerminalNew = There is no terminal to ask for the new passphrase on. Set KOSHA_NEW_PASSPHRASE to it. Nothing was changed.
prompt-noTerminalRecovery = The recovery words are needed, and there is no terminal to ask on. Set KOSHA_RECOVERY to them.
prompt-noTerminalPasscodeNew = There is no terminal to ask for the passcode on. Set KOSHA_PASSCODE to the one that the doctor will be asked for. Nothing was shared.
prompt-noTerminalPasscode = This link asks for a passcode, and there is no terminal to ask on. Set KOSHA_PASSCODE to it.
prompt-noTerminalAgree = There is no terminal to ask on. Add --yes to agree beforehand.
prompt-noTerminalPassphrase = The passphrase is needed, and there is no terminal to ask on. Set KOSHA_PASSPHRASE to it.

## A new vault

init-ready = Your vault is ready in { $folder }
init-passphrase = Without the passphrase nobody can open it, neither its maker nor anybody else.
init-next = Next: `kosha recovery` makes 24 words to keep on paper. Only they open it when the passphrase is forgotten.

## Checking and the log

check-accepted = These records are now taken as the right ones. The log tells of it.
check-sound = All { $count } records, their seals, the set of rows and the log are sound.
check-otherCopy = Yet they are not the ones that were here last: see the warning.
check-problems = Problems found: { $count }
history-none = Nothing has happened yet.
history-stale = The relay could not be reached; newer views may be missing.

## Events of the log

event-import = Brought in
event-consent-granted = Agreed to share
event-released = Sent out
event-delivered = With the relay
event-not-delivered = Not delivered
event-viewed = Opened
event-consent-withdrawn = Sharing stopped
event-revocation-confirmed = Stop confirmed
event-copy-accepted = Copy accepted
event-deleted = Deleted
event-keys-replaced = New keys
event-passphrase = Passphrase
event-recovery-words = Recovery words
event-device-key = Key of a device
event-attached = File attached
event-entry-added = Written down
event-entry-corrected = Corrected
event-entry-removed = Removed
event-refiled = Filed anew
event-refiling-undone = Filing undone
event-person-added = Person added
event-person-renamed = Person renamed
event-person-changed = Person changed
event-owner-changed = New owner
event-persons-merged = Persons merged
event-persons-unmerged = Merge undone
event-emergency-card-on = Emergency card on
event-emergency-card-off = Emergency card off
event-told-apart = Told apart
event-told-apart-undone = Same again
event-backup = Backup
event-restored = Restored
event-exported = Exported

## Proofs of the log

proof-whereTo = Say where to write the proof with --out.
proof-written = { $count } of { $size } entries, with their proof, are in { $file }
proof-readable = Whoever has this file can read these entries: purposes, names and times.
proof-key = Key of the log { $key }
proof-noFile = There is no such file.
proof-holds = This holds
proof-unknown = This it cannot show
proof-keyNotCompared = Key of the log (not compared): { $key }
proof-keyCompared = Key of the log (compared): { $key }

## Ways to open the vault

recovery-noTerminal = There is no terminal to show the words on. Add --yes to print them to standard output.
recovery-made = The 24 words open this vault from now on. They are not kept anywhere but on your paper.
recovery-use = To open with them: kosha --recovery COMMAND
recovery-write = Write these 24 words on paper, in this order. They are shown once and kept nowhere.
recovery-whoever = Whoever has them and a copy of the vault can read it. They open nothing until you have typed three of them back.
recovery-enter = Press Enter when they are written down.
recovery-word = Word { $n }:
recovery-wrongWord = This is not the word at that place. Nothing was changed, and these words open nothing: run `kosha recovery` again.
ways-yes = yes
ways-no = no
ways-passphrase = Passphrase
ways-recovery = Recovery words
ways-device = Device key
recovery-removeAgree = Take the recovery words away? They then open no new copy of this vault.
recovery-declined = Nothing was changed.
recovery-removed = The recovery words no longer open this vault. An old copy of it still opens with them.
rotate-passphrase = The passphrase is changed. An old copy of the vault still opens with the old one.
rotate-damaged = The vault is damaged, so it could not be given new keys. `kosha check` names the places.
rotate-done = The vault has new keys throughout.
rotate-notCleared = The system did not let everything old be overwritten yet. It is done when the vault is opened next.
rotate-oldKeys = The device's keystore has not destroyed its old key yet. It is asked again each time the vault is opened.
rotate-otherDevices = Another device has a key for this vault; it opens old copies on that device.

## Deleting

delete-agree = Delete this for good?
delete-declined = Nothing was deleted.
delete-done =
    { $count ->
        [one] Deleted: 1 record.
       *[other] Deleted: { $count } records.
    }
delete-goes = This goes for good:
delete-noDate = no date
delete-versions =
    { $count ->
        [one] with 1 earlier version
       *[other] with { $count } earlier versions
    }
delete-attachments =
    { $count ->
        [one] 1 attachment, { $bytes } bytes
       *[other] { $count } attachments, { $bytes } bytes
    }
delete-filesGone = Files that go too, for nothing else was in them:
delete-filesOpened = Files that are not kept as they came in any more (parts of them that were no records go; their other records stay):
delete-notReached = What this does not reach:
delete-nobody = nobody named
delete-share = share { $id }: { $time }, for { $name }, { $state }, { $opened }

## Exporting

export-plain = Everything is written in plain form: whoever can open the folder can read all of it, and Kosha cannot take it back.
export-agree = Write it?
export-declined = Nothing was written.
export-written = { $records } records of { $persons } persons: { $documents } files that came in, { $bundled } records in bundles, { $attachments } attachments.
export-open = Open index.html in it with any browser.
export-unreadable = Could not be read: { $count }

## Attaching

attached-new = { $title } ({ $type }, { $bytes } bytes)
attached-known = { $title } ({ $type }, { $bytes } bytes, known already)
attached-updated = { $title } ({ $type }, { $bytes } bytes, known already, described anew)
attached-putBack = { $title } ({ $type }, { $bytes } bytes, was damaged and is whole again)

## Backups

backup-new = A new backup was made.
backup-added = What is new was added to the backup.
backup-otherKeys = The vault's keys are other ones than those of the backup that was here. A new one took its place.
backup-otherSecrets = The vault opens with another passphrase or phrase than the backup that was here. A new one took its place.
backup-replaced = A new backup took the place of the one that was here.
backup-newInIt = New in it: { $records } records, { $files } files, { $attachments } attachments, { $log } log entries; { $size } written
backup-damaged =
    { $count ->
        [one] 1 of the attachments is damaged, in the vault and now in the backup. Attach or import its file again, then make the backup anew with --full.
       *[other] { $count } of the attachments are damaged, in the vault and now in the backup. Attach or import their files again, then make the backup anew with --full.
    }
backup-opens = It opens with the passphrase or the recovery phrase of the vault, and with nothing else.
backup-holds = It holds { $records } records and { $attachments } attachments as of { $time }, { $size } in all
backup-bytes = { $count } bytes
backup-whole = The backup is whole: every seal, the set of rows, the files and the log.
restore-removed = Vaults put aside by earlier restores, now removed: { $count }
restore-which = Say which backup.
restore-done = Your vault is restored in { $folder }
restore-aside = The vault that was here is now in { $folder }
restore-discard = `kosha restore --discard-old` removes it.
restore-damaged = Damaged in it: { $count }
backup-nextFull = Nothing was added to it. `kosha backup FILE --full` makes a whole new one, and only then lets it take this one's place.
backup-nextOther = Until then, choose another file for the backup.
backup-nextGoOn = As long as the vault is there, `kosha backup FILE` goes on with it. Without it, `kosha restore FILE --last-whole` takes what is whole.
backup-nextAnew = As long as the vault is there, `kosha backup FILE --full` makes a whole new one. Without it, `kosha restore FILE --last-whole` takes what is whole.
backup-nextCopy = As long as the vault is there, `kosha backup FILE --full` makes a whole new one. Without it, take another copy of the backup; `kosha restore FILE --last-whole` brings back the last state in front of the damage, if one is whole.
restore-nextReadable = `kosha restore FILE --damaged` takes what is readable, and names the rest.
backup-nextScratch = Set TMPDIR to a folder with as much room as the backup has bytes.
backup-nextRoom = Verifying takes as much room as the backup has bytes, in the folder for temporary files; TMPDIR names another one.
restore-nextLastWhole = `kosha restore FILE --last-whole` takes that.
restore-nextCopy = Take another copy of the backup, if there is one. Else `kosha restore FILE --last-whole` brings back the last state in front of the damage, if one is whole.
restore-nextNone = No state in it is whole. Take another copy of the backup.

## Failures

failure-prefix = kosha: { $message }
