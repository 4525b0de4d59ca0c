### What the commands say that list and show records, in English. An identifier is a section and a key.

## Lists

list-more = More with --after { $next }
list-limit = Only the first { $count } are listed; --limit N lists more.
list-incomplete = Damage keeps some records from being listed; `kosha check` names them.
list-andMore = { $count } more
list-undated = Without a date
list-none = No records.

## Results

results-none = No results.
results-count =
    { $count ->
        [one] 1 result
       *[other] { $count } results
    }
results-range = range { $range }
results-notFinal = Not final
results-corrected = Corrected
results-unitUnclear = Unit unclear
results-own = Written down by you
results-before = { $value } on { $date }
results-same = same as { $value } on { $date }
results-higher = higher than { $value } on { $date }
results-lower = lower than { $value } on { $date }
results-partOf = part of { $report }

## Dates

dates-day = { $day } { $month } { $year }
dates-month = { $month } { $year }
dates-none = no date

## Who said it

said-own = added by hand
said-nobody = source not named
said-by = { $who }, { $date }
said-times =
    { $count ->
        [one] { $said } (1 record)
       *[other] { $said } ({ $count } records)
    }
said-dosage = { $said }: { $dosage }
said-but = But { $state }: { $said }
said-anotherSource = another source

## Medicines

medicines-current = Current, as their sources say
medicines-handedOut = Handed out
medicines-onHold = On hold
medicines-unknown = Not said whether it is taken
medicines-mayHaveEnded = May have ended
medicines-planned = Planned
medicines-stopped = Stopped
medicines-ended = Ended
medicines-given = Given
medicines-cancelled = Called off
medicines-notGiven = Not given
medicines-notTaken = Not taken
medicines-doNotTake = Do NOT take
medicines-hiddenBefore = Also { $count } before: --before.
medicines-hiddenPlanned = Also { $count } planned: --all.
medicines-hiddenBoth = Also { $before } before: --before; { $planned } planned: --all.
medicines-hiddenCurrent = Also { $count } current: without --before.
medicines-noneCurrent = No current medicines in these records.
medicines-onFile = A medicine of this person is on file all the same.
medicines-none = No medicines.
medicines-warnAllergy = Allergy on file: { $against } ({ $by }; { $said })
medicines-warnNotToTake = On file as not to be taken: { $against } ({ $by }; { $said })
medicines-sameCode = same code
medicines-sameName = same name
medicines-fromFields = { $dosage } (put together from fields)
medicines-noDosage = No dosage in these records

## Spans of time

span-since = since { $from }
span-until = until { $to }
span-both = since { $from }, until { $to }
span-fromTo = from { $from } to { $to }
span-from = from { $from }

## Allergies

allergies-stated = Allergies and intolerances
allergies-unconfirmed = Not confirmed
allergies-over = No longer
allergies-ruledOut = Ruled out
allergies-saidNone = Said to be none
allergies-onFile = An allergy of this person is on file all the same.
allergies-none = No allergies in these records. It does not mean that there are none.
allergies-intolerance = { $name } (intolerance)
allergies-serious = Can be serious
allergies-butRuledOut = But ruled out: { $said }

## Problems

problems-problem = Problems
problems-suspected = Suspected
problems-visit = Diagnoses of visits
problems-sectionRuledOut = Ruled out
problems-active = active
problems-recurrence = back again
problems-unknown = not said whether it is over
problems-remission = in remission
problems-inactive = inactive
problems-resolved = resolved
problems-ruledOut = ruled out
problems-onFile = A problem of this person is on file all the same.
problems-none = No problems.

## Documents

documents-none = No documents.
documents-unknownType = unknown type
documents-file = file { $number }: { $media }, { $size }
documents-fileTitled = file { $number }: { $title }, { $media }, { $size }

## Sizes

size-bytes = { $n } bytes
size-kb = { $n } KB
size-mb = { $n } MB

## Emergency card

emergency-asOf = As of { $time }.
emergency-made = Made { $time }.
emergency-off = The emergency card is off.
emergency-title = Emergency card
emergency-name = Name
emergency-born = Born
emergency-call = Call
emergency-bloodGroup = Blood group
emergency-allergies = Allergies
emergency-conditions = Conditions
emergency-medicines = Medicines
emergency-notToBeTaken = Not to take
emergency-note = - { $note }
emergency-nothing = nothing in this wallet
emergency-leftOut =
    { $count ->
        [one] 1 more is in the wallet and not on this card.
       *[other] { $count } more are in the wallet and not on this card.
    }
emergency-fact = { $text } ({ $origin })

## Told apart

different-apart = { $a } and { $b } are listed apart from now on.
different-together = { $a } and { $b } count as the same again, where all else agrees.

## One record

show-same = The same, told by
show-sameLine = { $source } ({ $why }), record { $id }
show-nobody = a source without a name
show-parts =
    { $count ->
        [one] 1 more file: record { $ids }
       *[other] { $count } more files: records { $ids }
    }
show-partsCut = { $ids }, … (all with --json)
show-study = The same study
show-attachment = Attachment { $number }
show-file = { $title } ({ $media }, { $count } bytes)
show-record = record { $id }
show-fromFile = from the file { $name } ({ $id })
show-came = { $count } bytes, came in { $time }
show-document = document { $id }

## A scanned code

scan-unopened = Nothing was opened.

## Persons

persons-none = Nobody yet. The first import makes the first person.

## Visits

visits-none = No visits.
visits-span = { $from } to { $to }

## What is new

changes-sinceVisit = Since the last visit: { $title } on { $date }
changes-since = Since { $time }
changes-counts = { $happened } new by their own date; { $older } came in since and are older, or have no date.
changes-happened = Happened since
changes-older = Came in since, older or without a date
changes-more = { $count } more; --limit lists more of them
changes-cameIn = came in { $date }

## Vaccinations

vaccinations-overdue = By the schedule: its time has passed
vaccinations-due = By the schedule: due now
vaccinations-depends = By the schedule: only in some cases
vaccinations-later = By the schedule: later
vaccinations-scheduleGiven = By the schedule: on record
vaccinations-notNeeded = By the schedule: not given any more at this age
vaccinations-given = Given
vaccinations-notGiven = Not given
vaccinations-advised = Advised by a source
vaccinations-noBirthDate = What is due cannot be said without a birth date. `kosha person change P --birth-date D` gives one.
vaccinations-none = No vaccinations in these records.
vaccinations-dose = { $name }: { $said }
vaccinations-label = { $name }, { $label }
vaccinations-onRecord = on record: { $date }
vaccinations-last = the last one on record: { $date }

## Trends

trend-several = Several things go by this. Type `kosha trend` with the code of one:
trend-choice = { $name } ({ $count }, latest { $date })
trend-notDrawn = { $value }  not drawn: { $reason }
trend-sent = sent as { $value }

## Own entries

own-added = Written down:
own-corrected = Corrected; what it said before stays as an older version:
own-removed = Removed: it counts nowhere any more. What it said stays as an older version; `kosha delete` takes that away too.
own-pulse = A pulse is an entry of its own: correct it by its own id.
