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

## Failures

failure-prefix = kosha: { $message }
