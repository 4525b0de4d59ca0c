### What the wallet says of records, in Hindi.


## The course of one value over time

trend-onDay = { $date } को { $value }
trend-inTime = { $date } में { $value }
trend-one = { $n } नतीजा, { $last }
trend-inYear = { $year } में { $n } नतीजे, सबसे कम { $low }, सबसे ज़्यादा { $high }, आख़िरी नतीजा { $last }
trend-overYears = { $from } से { $to } तक { $n } नतीजे, सबसे कम { $low }, सबसे ज़्यादा { $high }, आख़िरी नतीजा { $last }
trend-converted = { $n ->
    [one] { $sentence }; { $n } नतीजा दूसरी इकाई में आया था और बदलकर दिखाया गया है
   *[other] { $sentence }; { $n } नतीजे दूसरी इकाई में आए थे और बदलकर दिखाए गए हैं
}
trend-whole = { $sentence }।
trend-withoutUnit = बिना इकाई के: { $sentence }।
trend-ofUnit = { $unit } में: { $sentence }।
trend-ofName = { $name }: { $sentence }।
trend-nothing = चार्ट में दिखाने लायक़ कुछ नहीं है।
trend-notDrawn = { $n ->
    [one] { $n } रिकॉर्ड चार्ट में नहीं है: { $reason }।
   *[other] { $n } रिकॉर्ड चार्ट में नहीं हैं: { $reason }।
}
trend-systolic = ऊपर का बीपी
trend-diastolic = नीचे का बीपी

## Why records are not drawn, by reason

notDrawn-no-date = { $n ->
    [one] उसकी तारीख़ नहीं लिखी है
   *[other] उनकी तारीख़ नहीं लिखी है
}
notDrawn-unit-unclear = { $n ->
    [one] उसकी लिखी हुई इकाई और इकाई का कोड मेल नहीं खाते
   *[other] उनकी लिखी हुई इकाई और इकाई का कोड मेल नहीं खाते
}
notDrawn-no-number = { $n ->
    [one] उसका नतीजा संख्या में नहीं है
   *[other] उनके नतीजे संख्या में नहीं हैं
}
notDrawn-too-large = { $n ->
    [one] उसकी संख्या चार्ट के लिए बहुत बड़ी है
   *[other] उनकी संख्याएँ चार्ट के लिए बहुत बड़ी हैं
}
notDrawn-withdrawn = { $n ->
    [one] भेजने वाले ने उसे ग़लती बताकर वापस ले लिया
   *[other] भेजने वाले ने उन्हें ग़लती बताकर वापस ले लिया
}
notDrawn-not-a-fact = { $n ->
    [one] वह रद्द हुआ, ग़लत निकला, किया नहीं गया या बस होना था
   *[other] वे रद्द हुए, ग़लत निकले, किए नहीं गए या बस होने थे
}
notDrawn-too-many = चार्ट में सबसे नए { $most } नतीजे ही दिखाए जाते हैं

## Charts

chart-hour = { $date }, { $hour }:00
chart-otherSources = बाक़ी स्रोत
chart-hollow = खोखला निशान: आपका लिखा हुआ
chart-own = आपका लिखा हुआ
chart-arrow = तीर: इससे कम या ज़्यादा, कितना यह पता नहीं
chart-bound = इससे कम, इससे ज़्यादा
chart-ring = घेरा: लैब या उसकी सीमा के हिसाब से बाहर
chart-rangeThen = उस समय की लैब की सीमा
chart-range = लैब की सीमा

## How the latest result compares with the one before

compared-higher = पिछली बार से ज़्यादा
compared-lower = पिछली बार से कम
compared-same = पिछली बार जितना

## How a medicine stands

medicine-current = अभी चल रही है, जैसा लिखने वाले ने बताया
medicine-handed-out = दवा मिल चुकी है
medicine-on-hold = अभी रोकी हुई है
medicine-unknown = यह नहीं लिखा कि ली जा रही है या नहीं
medicine-may-have-ended = शायद पूरी हो चुकी है
medicine-planned = आगे के लिए तय
medicine-stopped = बंद की गई
medicine-ended = पूरी हो चुकी
medicine-given = दी जा चुकी है
medicine-cancelled = रद्द की गई
medicine-not-given = नहीं दी गई
medicine-not-taken = नहीं ली जा रही
medicine-do-not-take = यह दवा न लें

## What is on file against a medicine

warnings-allergy = रिकॉर्ड में इससे एलर्जी लिखी है: { $against }
warnings-do-not-take = रिकॉर्ड में लिखा है कि यह न ली जाए: { $against }

## How an allergy stands

allergy-stated = स्रोत ने बताई है
allergy-unconfirmed = पक्की नहीं
allergy-over = अब नहीं है
allergy-ruled-out = जाँच में नहीं निकली
allergy-none-known = बताया गया कि कोई नहीं है

## Where a problem stands in the list

section-problem = सेहत की समस्याएँ
section-suspected = जिनका शक है
section-visit-diagnosis = मुलाक़ातों में पाई गई बीमारियाँ
section-ruled-out = जाँच में नहीं निकलीं

## How a problem stands

problem-active = अभी है
problem-recurrence = फिर से हुई
problem-unknown = यह नहीं लिखा कि ठीक हुई या नहीं
problem-remission = अभी दबी हुई है
problem-inactive = अभी नहीं है
problem-resolved = ठीक हो गई
problem-ruled-out = जाँच में नहीं निकली

## Doses of vaccines

dose-overdue = समय निकल गया है
dose-due = अब लगना है
dose-depends = किसी ख़ास हालत में ही
dose-later = आगे लगेगा
dose-given = रिकॉर्ड में है
dose-not-needed = इस उम्र में अब नहीं दिया जाता

due-birth-date-unknown = जन्म की तारीख़ यहाँ पता नहीं है, इसलिए यह नहीं बताया जा सकता कि कौन-सा टीका लगना है।
due-ask = अपने डॉक्टर से पूछें; हर ज़िले में कुछ फ़र्क़ होता है। यह सूची केवल टीकों की तय तालिका को यहाँ दर्ज टीकों से मिलाती है, आपके बारे में और कुछ नहीं जानती।
due-unrecorded = जो टीका यहाँ दर्ज नहीं है, वह फिर भी लग चुका हो सकता है।

## Visits and what came in

visits-outside = मुलाक़ातों से अलग

news-new = नया
news-changed = भेजने वाले ने नए सिरे से भेजा
news-withdrawn = भेजने वाले ने वापस लिया
news-started = इस बीच शुरू हुई
news-stopped = इस बीच बंद हुई

## The emergency card

card-dosed = { $name }: { $dosage }
card-unchecked = ये बातें उन रिकॉर्ड से ली गई हैं जिनके नाम साथ में लिखे हैं, जैसे वे यह कार्ड बनते समय थे। आपात स्थिति के लिए इन्हें किसी ने जाँचा नहीं है।
card-absent = जो यहाँ नहीं लिखा है, वह यहाँ पता नहीं है। इसका मतलब यह नहीं कि वह है ही नहीं।
