### The words of cards in English. An identifier is a section and a key; what the doctor's page needs of it is written
### from here into data/display.json (see data/README.md).


## Months, as in a date

months-1 = Jan
months-2 = Feb
months-3 = Mar
months-4 = Apr
months-5 = May
months-6 = Jun
months-7 = Jul
months-8 = Aug
months-9 = Sep
months-10 = Oct
months-11 = Nov
months-12 = Dec

## Dates

dates-day = { $day } { $month } { $year }
dates-dayMonth = { $day } { $month }
dates-month = { $month } { $year }

## How digits of a count are grouped: none, thousand (1,234,567) or lakh (12,34,567)

numbers-grouping = none

## Kinds of records

kinds-allergy = Allergy
kinds-problem = Problem
kinds-medicine = Medicine
kinds-immunization = Vaccination
kinds-result = Test result
kinds-vital = Vital sign
kinds-report = Report
kinds-procedure = Procedure
kinds-visit = Visit
kinds-document = Document
kinds-imaging = Imaging
kinds-request = Advice
kinds-plan = Care plan
kinds-appointment = Appointment
kinds-family = Family history
kinds-device = Device
kinds-billing = Bills & insurance
kinds-consent = Consent
kinds-other = Other record
kinds-support = Supporting record

## What a record is called that has no better name, by resource type

nouns-AllergyIntolerance = Allergy
nouns-Condition = Condition
nouns-MedicationRequest = Medicine
nouns-MedicationStatement = Medicine
nouns-MedicationDispense = Medicine
nouns-MedicationAdministration = Medicine
nouns-MedicationOrder = Medicine
nouns-MedicationUsage = Medicine
nouns-Immunization = Vaccination
nouns-ImmunizationRecommendation = Vaccination due
nouns-Observation = Test result
nouns-DiagnosticReport = Report
nouns-Procedure = Procedure
nouns-Encounter = Visit
nouns-EpisodeOfCare = Episode of care
nouns-Composition = Document
nouns-DocumentReference = Document
nouns-DocumentManifest = Document
nouns-Binary = Document
nouns-Media = Picture or recording
nouns-Bundle = Document
nouns-ImagingStudy = Imaging study
nouns-ServiceRequest = Test or treatment
nouns-ProcedureRequest = Test or treatment
nouns-ReferralRequest = Referral
nouns-DiagnosticOrder = Test
nouns-DeviceRequest = Device
nouns-NutritionOrder = Diet
nouns-VisionPrescription = Glasses or lenses
nouns-Task = Task
nouns-CarePlan = Care plan
nouns-Goal = Goal
nouns-CareTeam = Care team
nouns-Appointment = Appointment
nouns-FamilyMemberHistory = Family history
nouns-Device = Device
nouns-DeviceUseStatement = Device in use
nouns-Claim = Claim
nouns-ClaimResponse = Claim decision
nouns-ExplanationOfBenefit = Insurance statement
nouns-Coverage = Insurance cover
nouns-Account = Account
nouns-Invoice = Bill
nouns-ChargeItem = Charge
nouns-Consent = Consent
nouns-QuestionnaireResponse = Questionnaire
nouns-ClinicalImpression = Assessment
nouns-DetectedIssue = Possible problem
nouns-RiskAssessment = Risk assessment
nouns-AdverseEvent = Adverse event
nouns-Flag = Alert
nouns-Communication = Message

## Labels: LOINC

labels-LOINC-85354-9 = Blood pressure
labels-LOINC-55284-4 = Blood pressure
labels-LOINC-8480-6 = Systolic blood pressure
labels-LOINC-8462-4 = Diastolic blood pressure
labels-LOINC-8867-4 = Heart rate
labels-LOINC-9279-1 = Breathing rate
labels-LOINC-8310-5 = Body temperature
labels-LOINC-59408-5 = Oxygen saturation
labels-LOINC-2708-6 = Oxygen saturation
labels-LOINC-29463-7 = Body weight
labels-LOINC-8302-2 = Body height
labels-LOINC-39156-5 = Body mass index
labels-LOINC-8287-5 = Head circumference
labels-LOINC-718-7 = Haemoglobin
labels-LOINC-4548-4 = HbA1c
labels-LOINC-2339-0 = Glucose
labels-LOINC-2345-7 = Glucose
labels-LOINC-1558-6 = Fasting glucose
labels-LOINC-2093-3 = Total cholesterol
labels-LOINC-2085-9 = HDL cholesterol
labels-LOINC-13457-7 = LDL cholesterol
labels-LOINC-2089-1 = LDL cholesterol
labels-LOINC-2571-8 = Triglycerides
labels-LOINC-2160-0 = Creatinine
labels-LOINC-6690-2 = White blood cells
labels-LOINC-777-3 = Platelets
labels-LOINC-2823-3 = Potassium
labels-LOINC-2951-2 = Sodium
labels-LOINC-3016-3 = TSH
labels-LOINC-58410-2 = Complete blood count
labels-LOINC-24331-1 = Lipid panel
labels-LOINC-60591-5 = Patient summary
labels-LOINC-11450-4 = Problems
labels-LOINC-48765-2 = Allergies
labels-LOINC-10160-0 = Medicines
labels-LOINC-11369-6 = Vaccinations
labels-LOINC-30954-2 = Results
labels-LOINC-8716-3 = Vital signs
labels-LOINC-47519-4 = Procedures
labels-LOINC-11488-4 = Consultation note
labels-LOINC-18842-5 = Discharge summary
labels-LOINC-57833-6 = Prescription
labels-LOINC-11502-2 = Lab report
labels-LOINC-18748-4 = Imaging report

## Labels: SNOMED CT

labels-SNOMED-440545006 = Prescription
labels-SNOMED-721981007 = Lab report
labels-SNOMED-371530004 = OP visit
labels-SNOMED-373942005 = Discharge summary
labels-SNOMED-41000179103 = Vaccination
labels-SNOMED-419891008 = Document
labels-SNOMED-409058009 = Wellness

## Labels: class

labels-class-AMB = Clinic visit
labels-class-EMER = Emergency
labels-class-IMP = Hospital stay
labels-class-ACUTE = Hospital stay
labels-class-NONAC = Hospital stay
labels-class-SS = Day surgery
labels-class-VR = Online visit
labels-class-HH = Home visit
labels-class-OBSENC = Observation
labels-class-PRENC = Pre-admission
labels-class-FLD = Visit on site
labels-class-inpatient = Hospital stay
labels-class-outpatient = Clinic visit
labels-class-ambulatory = Clinic visit
labels-class-emergency = Emergency
labels-class-home = Home visit
labels-class-virtual = Online visit
labels-class-daytime = Day visit

## Labels: route

labels-route-PO = by mouth
labels-route-26643006 = by mouth
labels-route-IV = into a vein
labels-route-47625008 = into a vein
labels-route-IM = into a muscle
labels-route-78421000 = into a muscle
labels-route-SC = under the skin
labels-route-SQ = under the skin
labels-route-34206005 = under the skin
labels-route-TOP = on the skin
labels-route-6064005 = on the skin
labels-route-45890007 = on the skin
labels-route-PR = into the rectum
labels-route-37161004 = into the rectum
labels-route-SL = under the tongue
labels-route-37839007 = under the tongue
labels-route-54485002 = into the eye
labels-route-10547007 = into the ear
labels-route-46713006 = into the nose
labels-route-418136008 = by inhalation
labels-route-447694001 = by inhalation
labels-route-IH = by inhalation

## Labels: criticality

labels-criticality-high = Can be serious
labels-criticality-CRITH = Can be serious

## Labels: allergyCategory

labels-allergyCategory-food = Food
labels-allergyCategory-medication = Medicine
labels-allergyCategory-environment = Environment
labels-allergyCategory-biologic = Biological

## Labels: severity

labels-severity-mild = mild
labels-severity-moderate = moderate
labels-severity-severe = severe
labels-severity-fatal = fatal

## Labels: clinicalStatus

labels-clinicalStatus-active = Active
labels-clinicalStatus-recurrence = Recurrence
labels-clinicalStatus-relapse = Recurrence
labels-clinicalStatus-remission = In remission
labels-clinicalStatus-inactive = Inactive
labels-clinicalStatus-resolved = Resolved

## Labels: medicationStatus

labels-medicationStatus-active = Current
labels-medicationStatus-on-hold = On hold
labels-medicationStatus-ended = Ended
labels-medicationStatus-stopped = Stopped
labels-medicationStatus-completed = Completed
labels-medicationStatus-draft = Draft
labels-medicationStatus-cancelled = Cancelled
labels-medicationStatus-unknown = Status not known
labels-medicationStatus-intended = Planned
labels-medicationStatus-not-taken = Not taken
labels-medicationStatus-in-progress = Being given
labels-medicationStatus-preparation = Being prepared
labels-medicationStatus-declined = Declined
labels-medicationStatus-nullified = Removed

## Labels: statementStatus

labels-statementStatus-active = Taking
labels-statementStatus-recorded = Recorded
labels-statementStatus-completed = Completed
labels-statementStatus-intended = Planned
labels-statementStatus-stopped = Stopped
labels-statementStatus-on-hold = On hold
labels-statementStatus-unknown = Status not known
labels-statementStatus-not-taken = Not taking
labels-statementStatus-draft = Draft

## Labels: adherence

labels-adherence-taking = Taking
labels-adherence-not-taking = Not taking
labels-adherence-on-hold = On hold
labels-adherence-stopped = Stopped
labels-adherence-unknown = Status not known

## Labels: resultStatus

labels-resultStatus-preliminary = Not final
labels-resultStatus-registered = Not final
labels-resultStatus-partial = Not final
labels-resultStatus-amended = Corrected
labels-resultStatus-corrected = Corrected
labels-resultStatus-appended = Added to
labels-resultStatus-cancelled = Cancelled

## Labels: procedureStatus

labels-procedureStatus-preparation = Being prepared
labels-procedureStatus-in-progress = In progress
labels-procedureStatus-on-hold = On hold
labels-procedureStatus-suspended = On hold
labels-procedureStatus-stopped = Stopped early
labels-procedureStatus-aborted = Stopped early
labels-procedureStatus-unknown = Status not known

## Labels: visitStatus

labels-visitStatus-planned = Planned
labels-visitStatus-arrived = Arrived
labels-visitStatus-triaged = In progress
labels-visitStatus-in-progress = In progress
labels-visitStatus-onleave = On leave
labels-visitStatus-unknown = Status not known

## Labels: requestStatus

labels-requestStatus-draft = Draft
labels-requestStatus-on-hold = On hold
labels-requestStatus-active = Open
labels-requestStatus-revoked = Withdrawn
labels-requestStatus-completed = Done
labels-requestStatus-unknown = Status not known

## Labels: planStatus

labels-planStatus-draft = Draft
labels-planStatus-active = Active
labels-planStatus-on-hold = On hold
labels-planStatus-revoked = Withdrawn
labels-planStatus-completed = Done
labels-planStatus-unknown = Status not known
labels-planStatus-proposed = Suggested
labels-planStatus-planned = Planned
labels-planStatus-accepted = Active
labels-planStatus-rejected = Declined
labels-planStatus-achieved = Achieved
labels-planStatus-in-progress = Active

## Labels: appointmentStatus

labels-appointmentStatus-proposed = Suggested
labels-appointmentStatus-pending = Waiting
labels-appointmentStatus-booked = Booked
labels-appointmentStatus-arrived = Arrived
labels-appointmentStatus-fulfilled = Took place
labels-appointmentStatus-cancelled = Cancelled
labels-appointmentStatus-noshow = Missed
labels-appointmentStatus-waitlist = Waiting
labels-appointmentStatus-checked-in = Arrived

## Labels: documentStatus

labels-documentStatus-superseded = Old version
labels-documentStatus-preliminary = Not final
labels-documentStatus-amended = Corrected

## Labels: dueStatus

labels-dueStatus-due = Due
labels-dueStatus-overdue = Overdue
labels-dueStatus-immune = Complete
labels-dueStatus-complete = Complete
labels-dueStatus-contraindicated = Should not be given
labels-dueStatus-Due = Due
labels-dueStatus-Overdue = Overdue
labels-dueStatus-Complete = Complete

## Labels: modality

labels-modality-MR = MRI scan
labels-modality-CT = CT scan
labels-modality-CR = X-ray
labels-modality-DX = X-ray
labels-modality-RF = X-ray
labels-modality-US = Ultrasound
labels-modality-MG = Mammogram
labels-modality-PT = PET scan
labels-modality-NM = Nuclear scan
labels-modality-XA = Angiogram
labels-modality-ES = Endoscopy
labels-modality-OT = Imaging
labels-modality-ECG = ECG
labels-modality-OP = Eye picture
labels-modality-XC = Picture
labels-modality-SM = Microscopy
labels-modality-IO = Dental X-ray
labels-modality-PX = Dental X-ray

## Labels: reportCategory

labels-reportCategory-LAB = Lab report
labels-reportCategory-RAD = Imaging report
labels-reportCategory-RX = X-ray report
labels-reportCategory-CT = CT report
labels-reportCategory-MR = MRI report
labels-reportCategory-US = Ultrasound report
labels-reportCategory-HM = Blood report
labels-reportCategory-CH = Lab report
labels-reportCategory-MB = Microbiology report
labels-reportCategory-PAT = Pathology report
labels-reportCategory-SP = Pathology report
labels-reportCategory-CUS = Heart ultrasound report
labels-reportCategory-EC = ECG report

## Labels: relation

labels-relation-MTH = Mother
labels-relation-FTH = Father
labels-relation-BRO = Brother
labels-relation-SIS = Sister
labels-relation-SON = Son
labels-relation-DAU = Daughter
labels-relation-GRMTH = Grandmother
labels-relation-GRFTH = Grandfather
labels-relation-MGRMTH = Mother's mother
labels-relation-MGRFTH = Mother's father
labels-relation-PGRMTH = Father's mother
labels-relation-PGRFTH = Father's father
labels-relation-AUNT = Aunt
labels-relation-UNCLE = Uncle
labels-relation-SIB = Sibling
labels-relation-PRN = Parent
labels-relation-CHILD = Child
labels-relation-SPS = Spouse
labels-relation-72705000 = Mother
labels-relation-66839005 = Father
labels-relation-70924004 = Brother
labels-relation-27733009 = Sister

## Labels: absentReason

labels-absentReason-unknown = not known
labels-absentReason-asked-unknown = asked, not known
labels-absentReason-temp-unknown = not known yet
labels-absentReason-not-asked = not asked
labels-absentReason-asked-declined = not told
labels-absentReason-masked = hidden by the source
labels-absentReason-not-applicable = does not apply
labels-absentReason-unsupported = not supported by the source
labels-absentReason-as-text = in the text
labels-absentReason-error = measurement failed
labels-absentReason-not-a-number = not a number
labels-absentReason-negative-infinity = below measuring
labels-absentReason-positive-infinity = above measuring
labels-absentReason-not-performed = not done
labels-absentReason-not-permitted = may not be told

## Labels: rangeType

labels-rangeType-therapeutic = therapeutic
labels-rangeType-treatment = treatment goal
labels-rangeType-recommended = recommended
labels-rangeType-pre = before treatment
labels-rangeType-post = after treatment
labels-rangeType-critical = critical

## What a result is said to be

flags-very-high = Very high
flags-very-low = Very low
flags-critical = Critical
flags-high = High
flags-low = Low
flags-outside = Outside expected
flags-in-range = In range
flags-positive = Positive
flags-negative = Negative
flags-unclear = Unclear
flags-detected = Detected
flags-not-detected = Not detected
flags-reactive = Reactive
flags-weakly-reactive = Weakly reactive
flags-non-reactive = Non-reactive
flags-susceptible = Susceptible
flags-intermediate = Intermediate
flags-resistant = Resistant
flags-up = ↑ Rising
flags-down = ↓ Falling
flags-better = ↑ Better
flags-worse = ↓ Worse
flags-above-range = Above the lab's range
flags-below-range = Below the lab's range
flags-within-range = Within the lab's range

## Times of day and meals

when-HS = at bedtime
when-AC = before meals
when-PC = after meals
when-ACM = before breakfast
when-ACD = before lunch
when-ACV = before dinner
when-PCM = after breakfast
when-PCD = after lunch
when-PCV = after dinner
when-C = with meals
when-CM = with breakfast
when-CD = with lunch
when-CV = with dinner
when-MORN = in the morning
when-MORN_early = in the early morning
when-MORN_late = late in the morning
when-NOON = at noon
when-AFT = in the afternoon
when-AFT_early = in the early afternoon
when-AFT_late = in the late afternoon
when-EVE = in the evening
when-EVE_early = in the early evening
when-EVE_late = in the late evening
when-NIGHT = at night
when-WAKE = after waking up
when-PHS = after sleep
when-AM = in the morning
when-PM = in the afternoon or evening
when-BED = at bedtime

## Days of the week

days-mon = Monday
days-tue = Tuesday
days-wed = Wednesday
days-thu = Thursday
days-fri = Friday
days-sat = Saturday
days-sun = Sunday

## Minutes before or after a meal or sleep

minutes-AC = { $n } minutes before meals
minutes-PC = { $n } minutes after meals
minutes-ACM = { $n } minutes before breakfast
minutes-ACD = { $n } minutes before lunch
minutes-ACV = { $n } minutes before dinner
minutes-PCM = { $n } minutes after breakfast
minutes-PCD = { $n } minutes after lunch
minutes-PCV = { $n } minutes after dinner
minutes-WAKE = { $n } minutes after waking up
minutes-PHS = { $n } minutes after sleep

## Lengths of time, as they stand after a number

periods-s = { $n ->
    [one] second
   *[other] seconds
}
periods-min = { $n ->
    [one] minute
   *[other] minutes
}
periods-h = { $n ->
    [one] hour
   *[other] hours
}
periods-d = { $n ->
    [one] day
   *[other] days
}
periods-wk = { $n ->
    [one] week
   *[other] weeks
}
periods-mo = { $n ->
    [one] month
   *[other] months
}
periods-a = { $n ->
    [one] year
   *[other] years
}

## Units of a dose, as they stand after a number

doses-tablet = { $n ->
    [one] tablet
   *[other] tablets
}
doses-capsule = { $n ->
    [one] capsule
   *[other] capsules
}
doses-drop = { $n ->
    [one] drop
   *[other] drops
}
doses-puff = { $n ->
    [one] puff
   *[other] puffs
}
doses-spray = { $n ->
    [one] spray
   *[other] sprays
}
doses-patch = { $n ->
    [one] patch
   *[other] patches
}
doses-sachet = { $n ->
    [one] sachet
   *[other] sachets
}
doses-vial = { $n ->
    [one] vial
   *[other] vials
}
doses-ampoule = { $n ->
    [one] ampoule
   *[other] ampoules
}
doses-teaspoon = { $n ->
    [one] teaspoon
   *[other] teaspoons
}
doses-unit = { $n ->
    [one] unit
   *[other] units
}
doses-dose = { $n ->
    [one] dose
   *[other] doses
}
doses-injection = { $n ->
    [one] injection
   *[other] injections
}
doses-suppository = { $n ->
    [one] suppository
   *[other] suppositories
}
doses-units = units

## Units that are words

units-years = years
units-months = months
units-weeks = weeks
units-days = days
units-hours = hours
units-per_min = per min
units-beats_min = beats/min
units-breaths_min = breaths/min
units-drops = drops
units-tablet = tablet
units-capsule = capsule
units-beats_minute = beats/minute
units-breaths_minute = breaths/minute
units-steps = steps
units-litres = litres
units-minutes = minutes

## Statements that there is no allergy

noKnown-any = No known allergy
noKnown-drug = No known drug allergy
noKnown-food = No known food allergy
noKnown-environment = No known allergy to the environment
noKnown-insect = No known insect allergy
noKnown-latex = No known latex allergy
noKnown-problems = No known problems
noKnown-medicines = No known medicines
noKnown-vaccinations = No known vaccinations
noKnown-unknown-allergies = No information about allergies
noKnown-unknown-problems = No information about problems
noKnown-unknown-medicines = No information about medicines
noKnown-unknown-vaccinations = No information about vaccinations

## Types of files

media-application_pdf = PDF
media-image_jpeg = JPEG picture
media-image_png = PNG picture
media-image_heic = HEIC picture
media-image_tiff = TIFF picture
media-image_gif = GIF picture
media-image_webp = WebP picture
media-image_bmp = BMP picture
media-text_plain = Text
media-text_html = Web page
media-text_rtf = Text
media-application_rtf = Text
media-application_dicom = DICOM image
media-application_xml = XML document
media-text_xml = XML document
media-application_zip = ZIP archive
media-application_json = JSON data
media-application_fhir_json = JSON data

## What a title begins with unless the record is a fact

standing-in-error = Entered in error: { $title }
standing-refuted = Ruled out: { $title }
standing-not-done = Not done: { $title }
standing-not-given = Not given: { $title }
standing-do-not-take = Do NOT take: { $title }
standing-do-not-perform = Do NOT do: { $title }
standing-do-not-give = Do NOT give: { $title }
standing-cancelled = Cancelled: { $title }
standing-not-taken = Not taken: { $title }
standing-suspected = Suspected: { $title }
standing-unconfirmed = Not confirmed: { $title }
standing-suggested = Suggested: { $title }
standing-planned = Planned: { $title }
standing-advised = Advised: { $title }
standing-draft = Draft: { $title }
standing-due = Due: { $title }
standing-missed = Missed: { $title }
standing-declined = Declined: { $title }

## Phrases

phrases-code = Code { $code } ({ $system })
phrases-localCode = local code
phrases-allergy = Allergy: { $x }
phrases-intolerance = Intolerance: { $x }
phrases-otherRecord = Other record
phrases-asReceived = Shown as received
phrases-noDate = No date
phrases-dateUnclear = Date unclear
phrases-period = { $from }–{ $to }
phrases-since = since { $date }
phrases-until = until { $date }
phrases-age = at age { $age }
phrases-ages = age { $from } to { $to }
phrases-dateTime = { $date }, { $time }
phrases-recorded = recorded { $date }
phrases-reported = reported { $date }
phrases-received = received { $date }
phrases-yes = Yes
phrases-no = No
phrases-to = { $low } to { $high }
phrases-range = { $low } - { $high }
phrases-upTo = up to { $high }
phrases-orMore = { $low } or more
phrases-rangeOf = { $meaning } { $range }
phrases-noValue = No value: { $reason }
phrases-noValueAtAll = No value in this record
phrases-waveform = Waveform
phrases-panel = { $n ->
    [one] 1 result
   *[other] { $n } results
}
phrases-namedValue = { $name } { $value }
phrases-results = { $n ->
    [one] 1 result
   *[other] { $n } results
}
phrases-resultsOutside = { $results }, { $n } outside range
phrases-resultMissing = { $n } not included
phrases-images = { $series } series, { $images } images
phrases-series = { $series } series
phrases-imageCount = { $images } images
phrases-sized = { $type }, { $size }
phrases-kb = { $n } KB
phrases-mb = { $n } MB
phrases-bytes = { $n } bytes
phrases-doseOf = Dose { $n } of { $total }
phrases-dose = Dose { $n }
phrases-lot = lot { $lot }
phrases-for = for { $reason }
phrases-by = by { $who }
phrases-notGiven = Reason: { $reason }
phrases-reportedByPatient = Reported by patient
phrases-toldByPatient = told by patient
phrases-ownEntry = Own entry
own-source = Entered by the patient
phrases-visitDiagnosis = Visit diagnosis
phrases-stay = { $n ->
    [one] 1 day
   *[other] { $n } days
}
phrases-reactions = Reaction: { $list }
phrases-withSeverity = { $text } ({ $severity })
phrases-dueOn = due { $date }
phrases-relative = { $who }: { $what }
phrases-outcome = Outcome: { $text }
phrases-supply = { $quantity }, { $days } days' supply
phrases-daysSupply = { $days } days' supply
phrases-target = Target: { $text }
phrases-activities = { $n ->
    [one] 1 activity
   *[other] { $n } activities
}
phrases-unitUnclear = Unit unclear
phrases-notFinal = Not final
phrases-contains = { $n } { $kind }
phrases-noDosage = No dosage in this record
phrases-modifier = Has a condition attached: see the original

## How many of a kind

counts-allergy = { $n ->
    [one] allergy
   *[other] allergies
}
counts-problem = { $n ->
    [one] problem
   *[other] problems
}
counts-medicine = { $n ->
    [one] medicine
   *[other] medicines
}
counts-immunization = { $n ->
    [one] vaccination
   *[other] vaccinations
}
counts-result = { $n ->
    [one] result
   *[other] results
}
counts-vital = { $n ->
    [one] vital sign
   *[other] vital signs
}
counts-report = { $n ->
    [one] report
   *[other] reports
}
counts-procedure = { $n ->
    [one] procedure
   *[other] procedures
}
counts-visit = { $n ->
    [one] visit
   *[other] visits
}
counts-document = { $n ->
    [one] document
   *[other] documents
}
counts-imaging = { $n ->
    [one] imaging study
   *[other] imaging studies
}
counts-request = { $n ->
    [one] piece of advice
   *[other] pieces of advice
}
counts-plan = { $n ->
    [one] plan
   *[other] plans
}
counts-appointment = { $n ->
    [one] appointment
   *[other] appointments
}
counts-family = { $n ->
    [one] family history
   *[other] family histories
}
counts-device = { $n ->
    [one] device
   *[other] devices
}

## Parts of a dosage line

dosage-onceA = once a { $unit }
dosage-timesA = { $n } times a { $unit }
dosage-every = every { $n } { $units }
dosage-everyOne = every { $unit }
dosage-timesEvery = { $n } times every { $m } { $units }
dosage-toTimes = { $n } to { $m }
dosage-asNeeded = when needed
dosage-asNeededFor = when needed for { $x }
dosage-for = for { $n } { $units }
dosage-forTo = for { $n } to { $m } { $units }
dosage-until = until { $date }
dosage-from = from { $date }
dosage-fromTo = { $from } to { $to }
dosage-times = { $n ->
    [one] once
   *[other] { $n } times in all
}
dosage-on = on { $days }
dosage-at = at { $times }
dosage-minutesBefore = { $n } minutes { $when }
dosage-max = no more than { $amount } in { $period }
dosage-rate = at { $rate }
dosage-and = { $first }; { $next }
dosage-then = { $first }, then { $next }
dosage-list = { $first } and { $last }
dosage-gloss3 = { $text } (morning { $a }, noon { $b }, night { $c })
dosage-gloss4 = { $text } (morning { $a }, noon { $b }, evening { $c }, night { $d })
dosage-extra = { $text }. { $extra }

## Sentences whose parts may be absent: an absent part goes with what stands before it

sentences-dosage = { $dose } { $rate } { $route } { $frequency } { $days } { $times } { $meals } { $duration } { $count } { $asNeeded }, { $limits }, { $extra }
sentences-flagged = { $name } { $value } { $flag }
