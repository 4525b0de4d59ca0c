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

## Results dated after today. $text is the value of the one dated last

results-ahead = { $n ->
    [one] { $n } और नतीजे पर आज के बाद की तारीख़ है; उसे सबसे नया नहीं माना गया: { $text }, { $date }।
   *[other] { $n } और नतीजों पर आज के बाद की तारीख़ है; उन्हें सबसे नया नहीं माना गया। उनमें आख़िरी: { $text }, { $date }।
}
results-allAhead = इसकी तारीख़ आज के बाद की है।

## Why records are not drawn, by reason

notDrawn-no-date = { $n ->
    [one] उसकी तारीख़ नहीं लिखी है
   *[other] उनकी तारीख़ नहीं लिखी है
}
notDrawn-ahead = { $n ->
    [one] उसकी तारीख़ आज के बाद की है
   *[other] उनकी तारीख़ें आज के बाद की हैं
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
allergy-ruled-out = रिकॉर्ड के अनुसार नहीं है
allergy-none-known = बताया गया कि कोई नहीं है

## Where a problem stands in the list

section-problem = सेहत की समस्याएँ
section-suspected = जिनका शक है
section-visit-diagnosis = मुलाक़ातों में पाई गई बीमारियाँ
section-ruled-out = रिकॉर्ड के अनुसार जो नहीं हैं

## How a problem stands

problem-active = अभी है
problem-recurrence = फिर से हुई
problem-unknown = यह नहीं लिखा कि ठीक हुई या नहीं
problem-remission = अभी दबी हुई है
problem-inactive = अभी नहीं है
problem-resolved = ठीक हो गई
problem-ruled-out = रिकॉर्ड के अनुसार नहीं है

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
card-named = { $name } ({ $plain })
card-otherwise = एक और रिकॉर्ड कहता है: { $said }।
card-otherwiseBy = एक और रिकॉर्ड कहता है: { $said } ({ $by })।
card-by = { $source }, { $date }
against-allergy = फिर भी इस व्यक्ति की एक एलर्जी दर्ज है।
against-bloodGroup = कृपया ब्लड ग्रुप जाँच लें। { $said }
card-serious = एक रिकॉर्ड के अनुसार यह गंभीर हो सकती है।
card-bloodGroupsDiffer = ब्लड ग्रुप के बारे में रिकॉर्ड एक-दूसरे से मेल नहीं खाते।
card-unchecked = ये बातें उन रिकॉर्ड से ली गई हैं जिनके नाम साथ में लिखे हैं, जैसे वे यह कार्ड बनते समय थे। आपात स्थिति के लिए इन्हें किसी ने जाँचा नहीं है।
card-absent = जो यहाँ नहीं लिखा है, वह यहाँ पता नहीं है। इसका मतलब यह नहीं कि वह है ही नहीं।

## One record: labels of its details, status, how certain it is

detail-person = व्यक्ति
detail-date = तारीख़
detail-kind = प्रकार
detail-value = नतीजा
detail-range = सीमा
detail-dosage = ख़ुराक
detail-status = स्थिति
detail-certainty = कितना पक्का
detail-source = स्रोत
detail-codes = कोड
detail-type = रिकॉर्ड का प्रकार
detail-added = यहाँ आया
detail-versions = रूप
detail-before = पहले
detail-note = टिप्पणी

shown-moment = { $day }, { $time }
shown-momentUtc = { $day }, { $time } UTC
shown-meaning = { $name }: { $text }
shown-before = { $line } ({ $added } को आया)

status-active = जारी
status-inactive = अभी नहीं
status-recurrence = फिर से हुई
status-relapse = फिर से हुई
status-remission = दबी हुई
status-resolved = ठीक हो गई
status-completed = पूरा हुआ
status-stopped = बंद किया गया
status-ended = पूरा हो चुका
status-on-hold = रोका हुआ
status-suspended = रोका हुआ
status-cancelled = रद्द
status-revoked = वापस लिया गया
status-draft = मसौदा
status-entered-in-error = ग़लती से दर्ज
status-unknown = पता नहीं
status-not-done = नहीं किया गया
status-not-taken = नहीं ली जा रही
status-intended = होना है
status-planned = होना है
status-proposed = सुझाव
status-final = अंतिम
status-preliminary = अंतिम नहीं
status-registered = अंतिम नहीं
status-partial = अंतिम नहीं
status-amended = सुधारा गया
status-corrected = सुधारा गया
status-appended = बाद में जोड़ा गया
status-finished = पूरा हुआ
status-in-progress = चल रहा है
status-arrived = पहुँच गए
status-current = मौजूदा
status-superseded = पुराना रूप
status-booked = तय हो चुका
status-fulfilled = हो चुका
status-noshow = नहीं हो पाया
status-recorded = दर्ज

certainty-confirmed = पक्का
certainty-unconfirmed = पक्का नहीं
certainty-provisional = शक है
certainty-differential = कई संभावनाओं में से एक
certainty-refuted = रिकॉर्ड के अनुसार नहीं है
certainty-entered-in-error = ग़लती से दर्ज

## Why two records are taken for the same

because-same-code = एक ही कोड
because-same-name = एक ही नाम
because-same-time = एक ही समय
because-same-day = एक ही दिन
because-same-value = एक ही नतीजा
because-no-date = एक की तारीख़ नहीं है

## Who wrote an entry down, where no name is known

writer-unnamed = आपका लिखा हुआ

## Why a file or a part of it did not come in, or came in with a remark

reasons-file-unreadable = फ़ाइल पढ़ी नहीं जा सकी।
reasons-file-too-large = फ़ाइल 32 MB से बड़ी है; एक बार में इससे ज़्यादा नहीं पढ़ा जाता। इसे नहीं लिया गया।
reasons-becomes-too-large = फ़ाइल में जो है वह रिकॉर्ड बनने पर 64 MB से ज़्यादा हो जाता है। इसमें से कुछ नहीं लिया गया।
reasons-file-is-a-link = यह किसी दूसरी जगह की कड़ी (लिंक) है, जिस पर नहीं जाया जाता।
reasons-not-a-file = यह न फ़ाइल है, न फ़ोल्डर।
reasons-folder-too-deep = फ़ोल्डर के भीतर बहुत सारे फ़ोल्डर एक के अंदर एक हैं।
reasons-too-many-files = एक बार में सिर्फ़ 1,00,000 फ़ाइलें देखी जाती हैं; यह और इसके बाद की फ़ाइलें नहीं देखी गईं।
reasons-record-too-large = रिकॉर्ड में इतना पाठ है कि सूची में नहीं आ सकता; वह अपनी फ़ाइल में है, और फ़ाइल रखी गई है।
reasons-known-file = ठीक यही फ़ाइल यहाँ पहले से है।
reasons-own-log = यह निर्यात किए गए किसी वॉलेट का लेखा है। इसमें सेहत के रिकॉर्ड नहीं हैं।
reasons-own-earlier = ये निर्यात किए गए किसी वॉलेट के रिकॉर्ड के पुराने रूप हैं।
reasons-put-back = इसमें से जो रखा था वह ख़राब या गुम हो गया था। अब फिर से पूरा है।
reasons-new-person = फ़ाइल में ऐसे व्यक्ति का नाम है जो यहाँ पहले से नहीं थे; उन्हें नए व्यक्ति के रूप में जोड़ा गया।
reasons-other-person = फ़ाइल में जिनका नाम है वे उनसे अलग हैं जिनके नाम यह रखी गई।
reasons-filed-with-another-person = इसका कुछ हिस्सा यहाँ पहले से किसी दूसरे व्यक्ति के नाम था; वह वहीं रहता है।
reasons-several-persons-fit = यहाँ इसी नाम और जन्म की तारीख़ के कई लोग हैं। इसे उनमें से पहले के नाम रखा गया।
reasons-name-differs = नाम उससे अलग है जो इस व्यक्ति का यहाँ दर्ज है।
reasons-birth-date-differs = जन्म की तारीख़ उससे अलग है जो इस व्यक्ति की यहाँ दर्ज है।
reasons-gender-differs = लिंग उससे अलग है जो इस व्यक्ति का यहाँ दर्ज है।
reasons-person-not-named = कुछ रिकॉर्ड में यह नहीं लिखा कि वे किसके हैं; उन्हें इस वॉलेट के मालिक के नाम रखा गया।
reasons-attachment-too-large = फ़ाइल 2 GiB से बड़ी है; इससे बड़ी फ़ाइल नहीं रखी जाती।
reasons-kept-as-document = इसमें ऐसे रिकॉर्ड नहीं हैं जो पढ़े जा सकें; इसे दस्तावेज़ के रूप में रखा गया है।
reasons-too-large-to-read = फ़ाइल 32 MB से बड़ी है; इससे बड़ी फ़ाइल के भीतर नहीं देखा जाता। इसे पूरा, दस्तावेज़ के रूप में रखा गया है।
reasons-zip-broken = यह ज़िप फ़ाइल यहाँ ख़राब है या कट गई है।
reasons-zip-encrypted = ज़िप फ़ाइल का यह हिस्सा पासवर्ड से बंद है। पहले इसे खोलें, फिर उसमें की फ़ाइलें यहाँ लाएँ।
reasons-zip-method = ज़िप फ़ाइल का यह हिस्सा ऐसे ढंग से बंद है जो यहाँ जाना-पहचाना नहीं है।
reasons-zip-outside = ज़िप फ़ाइल के इस हिस्से का नाम उससे बाहर ले जाता है।
reasons-zip-too-deep = ज़िप के भीतर ज़िप फ़ाइलें सिर्फ़ दो परत तक खोली जाती हैं।
reasons-file-empty = फ़ाइल ख़ाली है।
reasons-file-changed = पढ़ते समय फ़ाइल बदल गई। कृपया फिर कोशिश करें।
reasons-left-out = जैसा आपने चाहा, इसे छोड़ दिया गया; लेना हो तो फ़ाइल फिर से यहाँ लाएँ।
reasons-separate-version = यही रिकॉर्ड यहाँ दूसरी बातों के साथ पहले से है; दोनों रखे गए हैं।
reasons-replaced-since = भेजने वाले ने यह माप बाद में बदल दिया और नया माप यहाँ है। यह पुराना माप फ़ाइल के साथ रखा गया है।

## Why it is asked whose records a file holds

questions-new-person = फ़ाइल में ऐसे व्यक्ति का नाम है जो यहाँ जाने-पहचाने नहीं हैं।
questions-other-person = फ़ाइल में जिनका नाम है वे उनसे अलग हैं जिनके नाम यह रखी जानी है।
questions-person-differs = फ़ाइल में ऐसे व्यक्ति का नाम है जिन्हें यहाँ एक नंबर से जाना जाता है, पर उनके बारे में कुछ और लिखा है।
questions-person-not-named = फ़ाइल में यह नहीं लिखा कि ये रिकॉर्ड किसके हैं।

## What a link showed: sections, and what has to be said with them

heading-allergies = एलर्जी
heading-medicines = दवाएँ
heading-problems = सेहत की समस्याएँ
heading-results = जाँच के नतीजे
heading-vitals = शरीर के माप
heading-reports = रिपोर्टें
heading-imaging = स्कैन और तस्वीरें
heading-immunizations = टीके
heading-procedures = ऑपरेशन और प्रक्रियाएँ
heading-visits = मुलाक़ातें
heading-documents = दस्तावेज़
heading-plans = सलाह और आगे की योजना
heading-family = परिवार की बीमारियाँ
heading-devices = उपकरण
heading-other = दूसरे रिकॉर्ड

viewed-nothingSaid = भेजने वाले ने इनके बारे में कुछ नहीं बताया।
viewed-nothingReadable = इनके बारे में कुछ पढ़ा नहीं जा सका। इस लिंक में कुछ ऐसा है जो पढ़ा नहीं जाता; उसमें ये हो सकते हैं।
viewed-checkpointDamaged = भेजने वाले के लेखे की मुहर ख़राब है।
viewed-healthCards = एक फ़ाइल में हेल्थ कार्ड हैं; वे यहाँ नहीं दिखाए जाते।
viewed-unread = { $n ->
    [one] { $n } रिकॉर्ड पढ़ा नहीं जा सका, इसलिए नहीं दिखाया गया: { $reason }
   *[other] { $n } रिकॉर्ड पढ़े नहीं जा सके, इसलिए नहीं दिखाए गए: { $reason }
}
viewed-nameless = जिनका नाम नहीं लिखा
viewed-born = जन्म { $date }
viewed-several = यह लिंक { $n } अलग-अलग लोगों के बारे में है: { $names }। हर रिकॉर्ड में लिखा है कि वह किसका है।
viewed-oddLink = लिंक कुछ अलग ढंग से लिखा है।
viewed-pastExpiry = लिंक में लिखा है कि इसका समय बीत चुका है, फिर भी यह खुल गया।
viewed-moreFiles = जितनी फ़ाइलें पढ़ी जाती हैं, उससे ज़्यादा फ़ाइलें हैं।
viewed-fileLeftOut = फ़ाइल { $number } छोड़ दी गई: { $problem }

genders-male = पुरुष
genders-female = महिला
genders-other = अन्य
genders-unknown = लिंग पता नहीं

## Why a file of a link was left out

leftOut-entry = उसके बारे में लिखा समझ में नहीं आया।
leftOut-api = वह किसी सर्वर तक पहुँच देती है, जिसे काम में नहीं लिया जाता।
leftOut-address = उसका पता खोला नहीं जा सकता।
leftOut-transport = उसके सर्वर तक पहुँचा नहीं जा सका, या उसका जवाब समझ में नहीं आया।
leftOut-gone = सर्वर के पास वह अब नहीं है।
leftOut-busy = सर्वर अभी व्यस्त है।
leftOut-redirected = सर्वर कहीं और भेजता है, जहाँ नहीं जाया जाता।
leftOut-status = सर्वर ने उसे देने से मना किया।
leftOut-not-encrypted = वह सेहत के लिंक के तय ढंग से बंद (एन्क्रिप्ट) नहीं है।
leftOut-wrong-key = लिंक की चाबी से वह नहीं खुलती।
leftOut-compression = वह ऐसे ढंग से दबाकर रखी है जो यहाँ जाना-पहचाना नहीं है।
leftOut-inflate = दबाकर रखी गई उसकी सामग्री ख़राब है।
leftOut-too-large = वह जितनी ली जाती है उससे बड़ी है।
leftOut-total-too-large = सब फ़ाइलें मिलाकर जितनी ली जाती हैं उससे बड़ी हैं।
leftOut-total-time = सब फ़ाइलों को आने में बहुत देर लगी।
leftOut-unknown-content = उसमें न रिकॉर्ड हैं, न हेल्थ कार्ड।

## What a phone says while it asks for a finger

prompt-unlock = अपने सेहत के रिकॉर्ड खोलें
prompt-rotate = अपने सेहत के रिकॉर्ड को नई चाबी दें
prompt-card = आपात कार्ड दिखाएँ

## Where these may not be the records that were left here

doubt-older-copy = यह आपके रिकॉर्ड की पुरानी प्रति है: यह बदलाव { $here } पर ख़त्म होती है, जबकि इस उपकरण को बदलाव { $known } तक का पता है। उसके बाद जो जोड़ा, साझा किया या बंद किया गया, वह यहाँ नहीं है। यह कैसे हुआ, यह समझ लेने के बाद आप इन्हें सही मान सकते हैं।
doubt-changed-copy = आपके रिकॉर्ड की इस प्रति का इतिहास उससे अलग है जो इस उपकरण को पता है: जो हुआ था उसमें से कुछ इसमें नहीं है। यह कैसे हुआ, यह समझ लेने के बाद आप इन्हें सही मान सकते हैं।
doubt-other-vault = ये वे रिकॉर्ड नहीं हैं जो यहाँ पहले रखे थे: उनकी जगह दूसरा वॉलेट रख दिया गया है। जब तक वजह पता न हो, इसमें कुछ न जोड़ें। यह कैसे हुआ, यह समझ लेने के बाद आप इन्हें सही मान सकते हैं।
doubt-other-restore = यह प्रति आपके रिकॉर्ड बहाल होने से पहले की है, या कहीं और बहाल की गई थी। यह कैसे हुआ, यह समझ लेने के बाद आप इन्हें सही मान सकते हैं।
doubt-no-anchor = इस उपकरण पर यह दर्ज नहीं है कि आपके रिकॉर्ड कहाँ तक पहुँचे थे, इसलिए यह नहीं बता सकता कि यह पुरानी प्रति है या नहीं। जिस उपकरण पर ये रिकॉर्ड पहली बार आए हैं, वहाँ ऐसा होना ठीक है: इन्हें सही मान लें।
doubt-anchor-unreadable = आपके रिकॉर्ड कहाँ तक पहुँचे थे, इसका लेखा ख़राब है या बदल दिया गया है, इसलिए यह उपकरण नहीं बता सकता कि यह पुरानी प्रति है या नहीं। लेखे की सबसे नई बातों को अपनी याद से मिला लें, फिर इन्हें सही मान लें।
doubt-anchor-unavailable = आपके रिकॉर्ड कहाँ तक पहुँचे थे, इसके लेखे तक पहुँचा नहीं जा सका, इसलिए यह उपकरण नहीं बता सकता कि यह पुरानी प्रति है या नहीं। जब वह जगह पढ़ी जा सकेगी, तब फिर मिलाया जाएगा।
doubt-anchor-not-kept = आपके रिकॉर्ड कहाँ तक पहुँचे हैं, इसका लेखा रखा नहीं जा सका, इसलिए बाद में हो सकता है कि पुरानी प्रति का पता न चले। अगली बार फिर कोशिश की जाएगी।
doubt-not-comparable = आपके रिकॉर्ड में ख़राबी है, इसलिए यह उपकरण नहीं बता सकता कि यह पुरानी प्रति है या नहीं। वॉलेट की जाँच करने पर पता चलेगा कि ख़राबी कहाँ है।

## What a deletion does not reach

unreached-copy-both = वॉलेट के फ़ोल्डर की पुरानी प्रति उस समय के पासफ़्रेज़ या 24 शब्दों से अब भी खुलती है।
unreached-backup-both = पहले बनाए गए बैकअप में हटाई गई चीज़ें अब भी हैं, और वह उस समय के पासफ़्रेज़ या 24 शब्दों से खुलता है।
unreached-copy-words = वॉलेट के फ़ोल्डर की पुरानी प्रति उस समय के 24 शब्दों से अब भी खुलती है।
unreached-backup-words = पहले बनाए गए बैकअप में हटाई गई चीज़ें अब भी हैं, और वह उस समय के 24 शब्दों से खुलता है।
unreached-copy-passphrase = वॉलेट के फ़ोल्डर की पुरानी प्रति उस समय के पासफ़्रेज़ से अब भी खुलती है।
unreached-backup-passphrase = पहले बनाए गए बैकअप में हटाई गई चीज़ें अब भी हैं, और वह उस समय के पासफ़्रेज़ से खुलता है।
unreached-others = दूसरे रिकॉर्ड में इसके बारे में जो लिखा है, वह उनमें रहता है।
unreached-device = इस उपकरण की चाबी से अब कोई पुरानी प्रति नहीं खुलती।
unreached-shares = { $n ->
    [one] { $n } साझा लिंक में यह था; जहाँ तक पता है, उनमें से { $opened } खोला गया। जिसने खोला, उसने अपने पास रख लिया हो सकता है; `revoke` से लिंक बंद होता है, प्रति नहीं।
   *[other] { $n } साझा लिंक में यह था; जहाँ तक पता है, उनमें से { $opened } खोले गए। जिसने खोला, उसने अपने पास रख लिया हो सकता है; `revoke` से लिंक बंद होता है, प्रति नहीं।
}

## How a vault survives the loss of a device or a passphrase

survival-words = 24 शब्दों से सब कुछ फिर खोला जा सकता है। जिसके पास ये शब्द और वॉलेट की प्रति हो, वह इसे पढ़ सकता है।
survival-device = बहाली के शब्द नहीं बनाए गए हैं। यह उपकरण खो जाए तो पासफ़्रेज़ चाहिए; दोनों के बिना रिकॉर्ड नहीं खुलेंगे।
survival-passphrase = बहाली के शब्द नहीं बनाए गए हैं। पासफ़्रेज़ याद न रहे तो रिकॉर्ड फिर नहीं खुलेंगे।

## What a scanned text is

scanned-shl = साझा किए गए सेहत के रिकॉर्ड का लिंक।
scanned-shl-damaged = साझा किए गए सेहत के रिकॉर्ड का लिंक, पर यह ख़राब है या किसी नए संस्करण का है।
scanned-shc = एक हेल्थ कार्ड, जिस पर उसे जारी करने वाली संस्था के दस्तख़त हैं।
scanned-shc-damaged = एक हेल्थ कार्ड, पर उसका कोड ख़राब है या पूरा नहीं है।
scanned-shc-part = हेल्थ कार्ड का एक हिस्सा; पूरा कार्ड कई कोड में बँटा है।
scanned-hc1 = किसी देश का सेहत प्रमाण-पत्र। यह पहचाना गया है, पर यहाँ अभी पढ़ा नहीं जा सकता।
scanned-vhlink = जाँचा जा सकने वाला सेहत का लिंक। यह पहचाना गया है, पर यहाँ अभी खोला नहीं जा सकता।
scanned-abha = आभा पहचान, जैसा कोड बनाने वाले ने बताया। इसकी पुष्टि नहीं हुई है।
scanned-upi = पैसे माँगने वाला कोड, सेहत का रिकॉर्ड नहीं। न कुछ चुकाया गया, न खोला गया।
scanned-url = वेब का पता, सेहत का रिकॉर्ड नहीं। इसे खोला नहीं गया।
scanned-text = सादा पाठ, जो सेहत का कोड नहीं है।
scan-label = नाम
scan-server = सर्वर
scan-ends = कब तक
scan-passcode = पासकोड
scan-asked = पूछा जाएगा
scan-notAsked = नहीं पूछा जाएगा
scan-part = हिस्सा
scan-partOf = { $of } में से { $number }
scan-form = रूप
scan-card = कार्ड
scan-number = नंबर
scan-address = पता
scan-checkDigit = जाँच अंक
scan-fits = ठीक है
scan-fitsNot = मेल नहीं खाता
scan-host = सर्वर
scan-protected = सुरक्षित
scan-unprotected = नहीं

## What a share would hold

shareField-name = नाम
shareField-birth-date = जन्म तारीख़
shareField-gender = लिंग
shareField-identifiers = पहचान नंबर
shareField-telecom = फ़ोन और ईमेल
shareField-address = पता
review-dated = { $title } ({ $date })
review-files = { $title } में फ़ाइलें हैं: { $names }
review-sections = { $title } में ये भाग हैं: { $names }
review-contained = { $title } में और भी है: { $names }
review-tooLarge = { $title }: इसकी फ़ाइलें उन { $most } MB से बड़ी हैं जो एक लिंक में समा सकते हैं
shareLeft-entered-in-error = { $n ->
    [one] { $n }, जिसे भेजने वाले ने ग़लती मानकर वापस लिया
   *[other] { $n }, जिन्हें भेजने वाले ने ग़लती मानकर वापस लिया
}
shareLeft-supporting = { $n ->
    [one] { $n }, जिसमें सिर्फ़ लोगों या जगहों के नाम हैं
   *[other] { $n }, जिनमें सिर्फ़ लोगों या जगहों के नाम हैं
}
shareLeft-other-kind = { $n ->
    [one] { $n }, जो किसी और प्रकार का है
   *[other] { $n }, जो किसी और प्रकार के हैं
}
shareLeft-not-chosen = { $n ->
    [one] { $n }, जो चुना नहीं गया
   *[other] { $n }, जो चुने नहीं गए
}
shareLeft-undated = { $n ->
    [one] { $n }, जिस पर तारीख़ नहीं है
   *[other] { $n }, जिन पर तारीख़ नहीं है
}
shareLeft-outside-period = { $n ->
    [one] { $n }, जो इस समय के बाहर का है
   *[other] { $n }, जो इस समय के बाहर के हैं
}
shareLeft-sensitive = { $n ->
    [one] { $n }, जो ऐसे नाज़ुक प्रकार का है जिस पर निशान नहीं लगाया गया
   *[other] { $n }, जो ऐसे नाज़ुक प्रकार के हैं जिन पर निशान नहीं लगाया गया
}

## What a proof of a log shows, and what it cannot show

proved-size = { $n ->
    [one] जब इस पर लॉग की कुंजी से दस्तख़त हुए, तब लॉग में { $n } प्रविष्टि थी।
   *[other] जब इस पर लॉग की कुंजी से दस्तख़त हुए, तब लॉग में { $n } प्रविष्टियाँ थीं।
}
proved-whole = लॉग की हर प्रविष्टि इस फ़ाइल में है, बिना बदले और सही क्रम में।
proved-each = { $n ->
    [one] यह प्रविष्टि लॉग में अपने नंबर पर हूबहू मौजूद है।
   *[other] हर प्रविष्टि लॉग में अपने नंबर पर हूबहू मौजूद है।
}
proved-since = { $n ->
    [one] { $n } प्रविष्टि वाला पहले का लॉग इसकी शुरुआत है: न कुछ बदला, न हटाया गया, न क्रम बदला।
   *[other] { $n } प्रविष्टियों वाला पहले का लॉग इसकी शुरुआत है: न कुछ बदला, न हटाया गया, न क्रम बदला।
}
proved-keyGiven = कुंजी वही है जो आपने दी।
proved-keyOfCheckpoint = कुंजी वही है जिससे आपके चेकपॉइंट पर दस्तख़त हुए थे।
proved-whose = यह किसका लॉग है: कुंजी की छाप को उस छाप से मिलाएँ जो इस व्यक्ति के किसी साझा के साथ आई थी।
proved-others = क्या दूसरों को कोई और लॉग दिखाया गया: यह सिर्फ़ चेकपॉइंट मिलाने से पता चलता है।
proved-unwritten = क्या कुछ ऐसा हुआ जो लॉग में कभी लिखा ही नहीं गया।
proved-after = { $n ->
    [one] दस्तख़त वाली { $n } प्रविष्टि के बाद क्या हुआ।
   *[other] दस्तख़त वाली { $n } प्रविष्टियों के बाद क्या हुआ।
}
proved-times = क्या समय सही हैं: वे डिवाइस की घड़ी के हैं।
