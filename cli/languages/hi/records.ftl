### What the commands say that list and show records, in Hindi. An identifier is a section and a key.

## Lists

list-more = और देखने के लिए: --after { $next }
list-limit = सूची में सिर्फ़ पहले { $count } हैं; `--limit N` से ज़्यादा दिखेंगे।
list-incomplete = कुछ रिकॉर्ड ख़राब हो गए हैं, इसलिए वे सूची में नहीं हैं; `kosha check` उनके नाम बताता है।
list-andMore = { $count } और
list-undated = बिना तारीख़
list-none = कोई रिकॉर्ड नहीं।

## Results

results-none = जाँच का कोई नतीजा नहीं।
results-count =
    { $count ->
        [one] 1 नतीजा
       *[other] { $count } नतीजे
    }
results-range = सीमा { $range }
results-notFinal = अंतिम नहीं
results-corrected = सुधारा गया
results-unitUnclear = इकाई साफ़ नहीं
results-own = आपने लिखा
results-before = { $date } को { $value }
results-same = { $date } के { $value } जितना
results-higher = { $date } के { $value } से ज़्यादा
results-lower = { $date } के { $value } से कम
results-partOf = { $report } का हिस्सा

## Dates

dates-day = { $day } { $month } { $year }
dates-month = { $month } { $year }
dates-none = तारीख़ नहीं है

## Who said it

said-own = हाथ से लिखा गया
said-nobody = स्रोत का नाम नहीं है
said-by = { $who }, { $date }
said-times =
    { $count ->
        [one] { $said } (1 रिकॉर्ड)
       *[other] { $said } ({ $count } रिकॉर्ड)
    }
said-dosage = { $said }: { $dosage }
said-but = लेकिन { $state }: { $said }
said-anotherSource = कोई और स्रोत

## Medicines

medicines-current = अभी चल रही, जैसा स्रोतों ने बताया
medicines-handedOut = दी गई
medicines-onHold = फ़िलहाल रोकी हुई
medicines-unknown = यह नहीं बताया गया कि ली जा रही है या नहीं
medicines-mayHaveEnded = शायद पूरी हो चुकी
medicines-planned = आगे के लिए तय
medicines-stopped = बंद की गई
medicines-ended = पूरी हुई
medicines-given = दी जा चुकी
medicines-cancelled = रद्द की गई
medicines-notGiven = नहीं दी गई
medicines-notTaken = नहीं ली गई
medicines-doNotTake = यह दवा न लें
medicines-hiddenBefore = पहले की { $count } और: `--before`.
medicines-hiddenPlanned = आगे के लिए तय { $count } और: `--all`.
medicines-hiddenBoth = पहले की { $before } और: `--before`; आगे के लिए तय { $planned } और: `--all`.
medicines-hiddenCurrent = अभी चल रही { $count } और: `--before` के बिना।
medicines-noneCurrent = इन रिकॉर्डों में अभी चल रही कोई दवा नहीं है।
medicines-onFile = फिर भी इस व्यक्ति की एक दवा दर्ज है।
medicines-none = कोई दवा नहीं।
medicines-warnAllergy = एलर्जी दर्ज है: { $against } ({ $by }; { $said })
medicines-warnNotToTake = दर्ज है कि यह न ली जाए: { $against } ({ $by }; { $said })
medicines-sameCode = एक ही कोड
medicines-sameName = एक ही नाम
medicines-fromFields = { $dosage } (अलग-अलग जानकारी से जोड़कर)
medicines-noDosage = इन रिकॉर्डों में ख़ुराक नहीं लिखी है

## Spans of time

span-since = { $from } से
span-until = { $to } तक
span-both = { $from } से { $to } तक
span-fromTo = { $from } से { $to } तक
span-from = { $from } से

## Allergies

allergies-stated = एलर्जियाँ और जो चीज़ें माफ़िक़ नहीं आतीं
allergies-unconfirmed = पक्का नहीं
allergies-over = अब नहीं
allergies-ruledOut = रिकॉर्ड के अनुसार जो नहीं हैं
allergies-saidNone = बताया गया कि कोई नहीं है
allergies-onFile = फिर भी इस व्यक्ति की एक एलर्जी दर्ज है।
allergies-none = इन रिकॉर्डों में कोई एलर्जी नहीं है। इसका मतलब यह नहीं कि कोई एलर्जी है ही नहीं।
allergies-intolerance = { $name } (माफ़िक़ नहीं आता)
allergies-serious = गंभीर हो सकती है
allergies-butRuledOut = लेकिन रिकॉर्ड के अनुसार नहीं है: { $said }

## Problems

problems-problem = सेहत की समस्याएँ
problems-suspected = शक है
problems-visit = दिखाने पर बताई गई बीमारियाँ
problems-sectionRuledOut = रिकॉर्ड के अनुसार जो नहीं हैं
problems-active = अभी है
problems-recurrence = फिर से हुई
problems-unknown = यह नहीं बताया गया कि ठीक हुई या नहीं
problems-remission = दबी हुई है
problems-inactive = अभी नहीं है
problems-resolved = ठीक हो गई
problems-ruledOut = रिकॉर्ड के अनुसार नहीं है
problems-onFile = फिर भी इस व्यक्ति की एक बीमारी दर्ज है।
problems-none = कोई समस्या नहीं।

## Documents

documents-none = कोई दस्तावेज़ नहीं।
documents-unknownType = अनजान क़िस्म
documents-file = फ़ाइल { $number }: { $media }, { $size }
documents-fileTitled = फ़ाइल { $number }: { $title }, { $media }, { $size }

## Sizes

size-bytes = { $n } बाइट
size-kb = { $n } KB
size-mb = { $n } MB

## Emergency card

emergency-asOf = { $time } तक की जानकारी।
emergency-made = { $time } को बना।
emergency-off = आपातकालीन कार्ड बंद है।
emergency-title = आपातकालीन कार्ड
emergency-name = नाम
emergency-born = जन्म
emergency-call = फ़ोन
emergency-bloodGroup = ख़ून का ग्रुप
emergency-allergies = एलर्जियाँ
emergency-conditions = बीमारियाँ
emergency-medicines = दवाएँ
emergency-notToBeTaken = न लेने की
emergency-note = - { $note }
emergency-nothing = इस वॉलेट में कुछ नहीं
emergency-leftOut =
    { $count ->
        [one] 1 और बात वॉलेट में है, जो इस कार्ड पर नहीं है।
       *[other] { $count } और बातें वॉलेट में हैं, जो इस कार्ड पर नहीं हैं।
    }
emergency-fact = { $text } ({ $origin })

## Told apart

different-apart = अब से { $a } और { $b } अलग-अलग दिखेंगे।
different-together = अब { $a } और { $b } फिर एक ही माने जाएँगे, जहाँ बाक़ी सब मेल खाता है।

## One record

show-same = यही, बताया
show-sameLine = { $source } ({ $why }), रिकॉर्ड { $id }
show-nobody = बिना नाम का स्रोत
show-parts =
    { $count ->
        [one] 1 और फ़ाइल: रिकॉर्ड { $ids }
       *[other] { $count } और फ़ाइलें: रिकॉर्ड { $ids }
    }
show-partsCut = { $ids }, … (सब --json से)
show-study = यही जाँच
show-attachment = साथ की फ़ाइल { $number }
show-file = { $title } ({ $media }, { $count } बाइट)
show-record = रिकॉर्ड { $id }
show-fromFile = फ़ाइल { $name } ({ $id }) से
show-came = { $count } बाइट, { $time } को आई
show-document = दस्तावेज़ { $id }

## A scanned code

scan-unopened = कुछ भी खोला नहीं गया।

## Persons

persons-none = अभी कोई नहीं है। पहली फ़ाइल लाने पर पहला व्यक्ति बन जाता है।

## Visits

visits-none = कोई मुलाक़ात नहीं।
visits-span = { $from } से { $to } तक

## What is new

changes-sinceVisit = पिछली मुलाक़ात के बाद से: { $title }, { $date }
changes-since = { $time } से
changes-counts = अपनी तारीख़ से नए: { $happened }; इस बीच आए, पर पुराने या बिना तारीख़ के: { $older }।
changes-happened = इस बीच हुआ
changes-older = इस बीच आया, पर पुराना या बिना तारीख़ का
changes-more = { $count } और; --limit से ज़्यादा दिखेंगे
changes-cameIn = { $date } को आया

## Vaccinations

vaccinations-overdue = टीकों की सूची के अनुसार: समय निकल चुका है
vaccinations-due = टीकों की सूची के अनुसार: अब लगना है
vaccinations-depends = टीकों की सूची के अनुसार: सिर्फ़ कुछ हालात में
vaccinations-later = टीकों की सूची के अनुसार: आगे
vaccinations-scheduleGiven = टीकों की सूची के अनुसार: दर्ज है
vaccinations-notNeeded = टीकों की सूची के अनुसार: इस उम्र में अब नहीं दिया जाता
vaccinations-given = लगे हुए
vaccinations-notGiven = नहीं लगे
vaccinations-advised = किसी स्रोत की सलाह
vaccinations-noBirthDate = जन्म तारीख़ के बिना यह नहीं बताया जा सकता कि कौन-सा टीका लगना है। `kosha person change P --birth-date D` से तारीख़ दी जा सकती है।
vaccinations-none = इन रिकॉर्डों में कोई टीका नहीं है।
vaccinations-dose = { $name }: { $said }
vaccinations-label = { $name }, { $label }
vaccinations-onRecord = दर्ज है: { $date }
vaccinations-last = आख़िरी जो दर्ज है: { $date }

## Trends

trend-several = इस नाम से कई चीज़ें हैं। किसी एक के कोड के साथ `kosha trend` लिखें:
trend-choice = { $name } ({ $count }, सबसे नया { $date })
trend-notDrawn = { $value }  चार्ट में नहीं: { $reason }
trend-sent = भेजा गया: { $value }

## Own entries

own-added = लिख लिया गया:
own-corrected = सुधार दिया गया; पहले जो लिखा था वह पुराने रूप में बना रहता है:
own-removed = हटा दिया गया: अब यह कहीं नहीं गिना जाता। पहले जो लिखा था वह पुराने रूप में बना रहता है; `kosha delete` उसे भी हटा देता है।
own-pulse = नब्ज़ अपने आप में अलग प्रविष्टि है: उसे उसकी अपनी id से सुधारें।
