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

## Why records are not drawn, by reason

notDrawn-no-date = { $n ->
    [one] it has no date
   *[other] they have no date
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
card-unchecked = These facts come from the records named with them, as they were when this card was made. Nobody has checked them for an emergency.
card-absent = What is not here is not known here. It does not mean that there is none.
