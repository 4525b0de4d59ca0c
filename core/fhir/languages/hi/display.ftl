### The words of cards in Hindi: as people speak; medical words that everybody uses stay. Digits are Latin.

## Months, as in a date

months-1 = जनवरी
months-2 = फ़रवरी
months-3 = मार्च
months-4 = अप्रैल
months-5 = मई
months-6 = जून
months-7 = जुलाई
months-8 = अगस्त
months-9 = सितंबर
months-10 = अक्टूबर
months-11 = नवंबर
months-12 = दिसंबर

## Dates

dates-day = { $day } { $month } { $year }
dates-dayMonth = { $day } { $month }
dates-month = { $month } { $year }

## How digits of a count are grouped: none, thousand (1,234,567) or lakh (12,34,567)

numbers-grouping = lakh

## Kinds of records

kinds-allergy = एलर्जी
kinds-problem = सेहत की समस्या
kinds-medicine = दवा
kinds-immunization = टीका
kinds-result = जाँच का नतीजा
kinds-vital = शरीर का माप
kinds-report = रिपोर्ट
kinds-procedure = इलाज की प्रक्रिया
kinds-visit = डॉक्टर से मुलाक़ात
kinds-document = दस्तावेज़
kinds-imaging = स्कैन या एक्स-रे
kinds-request = डॉक्टर की सलाह
kinds-plan = देखभाल की योजना
kinds-appointment = अपॉइंटमेंट
kinds-family = परिवार की बीमारियाँ
kinds-device = उपकरण
kinds-billing = बिल और बीमा
kinds-consent = सहमति
kinds-other = दूसरा रिकॉर्ड
kinds-support = सहायक रिकॉर्ड

## What a record is called that has no better name, by resource type

nouns-AllergyIntolerance = एलर्जी
nouns-Condition = सेहत की समस्या
nouns-MedicationRequest = दवा
nouns-MedicationStatement = दवा
nouns-MedicationDispense = दवा
nouns-MedicationAdministration = दवा
nouns-MedicationOrder = दवा
nouns-MedicationUsage = दवा
nouns-Immunization = टीका
nouns-ImmunizationRecommendation = लगना बाक़ी टीका
nouns-Observation = जाँच का नतीजा
nouns-DiagnosticReport = रिपोर्ट
nouns-Procedure = इलाज की प्रक्रिया
nouns-Encounter = डॉक्टर से मुलाक़ात
nouns-EpisodeOfCare = इलाज का दौर
nouns-Composition = दस्तावेज़
nouns-DocumentReference = दस्तावेज़
nouns-DocumentManifest = दस्तावेज़
nouns-Binary = दस्तावेज़
nouns-Media = तस्वीर या रिकॉर्डिंग
nouns-Bundle = दस्तावेज़
nouns-ImagingStudy = स्कैन या एक्स-रे
nouns-ServiceRequest = जाँच या इलाज
nouns-ProcedureRequest = जाँच या इलाज
nouns-ReferralRequest = दूसरे डॉक्टर के पास भेजना
nouns-DiagnosticOrder = जाँच
nouns-DeviceRequest = उपकरण
nouns-NutritionOrder = खान-पान
nouns-VisionPrescription = चश्मा या लेंस
nouns-Task = काम
nouns-CarePlan = देखभाल की योजना
nouns-Goal = लक्ष्य
nouns-CareTeam = देखभाल करने वाले लोग
nouns-Appointment = अपॉइंटमेंट
nouns-FamilyMemberHistory = परिवार की बीमारियाँ
nouns-Device = उपकरण
nouns-DeviceUseStatement = इस्तेमाल में उपकरण
nouns-Claim = बीमा दावा
nouns-ClaimResponse = बीमा दावे पर फ़ैसला
nouns-ExplanationOfBenefit = बीमा का ब्योरा
nouns-Coverage = बीमा
nouns-Account = खाता
nouns-Invoice = बिल
nouns-ChargeItem = शुल्क
nouns-Consent = सहमति
nouns-QuestionnaireResponse = सवाल-जवाब
nouns-ClinicalImpression = डॉक्टर का आकलन
nouns-DetectedIssue = संभावित दिक़्क़त
nouns-RiskAssessment = ख़तरे का आकलन
nouns-AdverseEvent = बुरा असर
nouns-Flag = चेतावनी
nouns-Communication = संदेश

## Labels: LOINC

labels-LOINC-85354-9 = ब्लड प्रेशर
labels-LOINC-55284-4 = ब्लड प्रेशर
labels-LOINC-8480-6 = ऊपर का ब्लड प्रेशर
labels-LOINC-8462-4 = नीचे का ब्लड प्रेशर
labels-LOINC-8867-4 = दिल की धड़कन
labels-LOINC-9279-1 = साँस की गति
labels-LOINC-8310-5 = शरीर का तापमान
labels-LOINC-59408-5 = ख़ून में ऑक्सीजन
labels-LOINC-2708-6 = ख़ून में ऑक्सीजन
labels-LOINC-29463-7 = वज़न
labels-LOINC-8302-2 = लंबाई
labels-LOINC-39156-5 = बॉडी मास इंडेक्स (BMI)
labels-LOINC-8287-5 = सिर का घेरा
labels-LOINC-718-7 = हीमोग्लोबिन
labels-LOINC-4548-4 = HbA1c (तीन महीने की औसत शुगर)
labels-LOINC-2339-0 = शुगर (ग्लूकोज़)
labels-LOINC-2345-7 = शुगर (ग्लूकोज़)
labels-LOINC-1558-6 = ख़ाली पेट शुगर
labels-LOINC-2093-3 = कुल कोलेस्ट्रॉल
labels-LOINC-2085-9 = HDL कोलेस्ट्रॉल
labels-LOINC-13457-7 = LDL कोलेस्ट्रॉल
labels-LOINC-2089-1 = LDL कोलेस्ट्रॉल
labels-LOINC-2571-8 = ट्राइग्लिसराइड
labels-LOINC-2160-0 = क्रिएटिनिन
labels-LOINC-6690-2 = सफ़ेद रक्त कोशिकाएँ (WBC)
labels-LOINC-777-3 = प्लेटलेट
labels-LOINC-2823-3 = पोटैशियम
labels-LOINC-2951-2 = सोडियम
labels-LOINC-3016-3 = TSH (थायरॉइड की जाँच)
labels-LOINC-58410-2 = ख़ून की पूरी जाँच (CBC)
labels-LOINC-24331-1 = लिपिड (ख़ून की चर्बी) की जाँच
labels-LOINC-60591-5 = मरीज़ का सारांश
labels-LOINC-11450-4 = सेहत की समस्याएँ
labels-LOINC-48765-2 = एलर्जियाँ
labels-LOINC-10160-0 = दवाएँ
labels-LOINC-11369-6 = टीके
labels-LOINC-30954-2 = जाँच के नतीजे
labels-LOINC-8716-3 = शरीर के माप
labels-LOINC-47519-4 = इलाज की प्रक्रियाएँ
labels-LOINC-11488-4 = डॉक्टर से परामर्श का पर्चा
labels-LOINC-18842-5 = अस्पताल से छुट्टी का पर्चा
labels-LOINC-57833-6 = दवा का पर्चा
labels-LOINC-11502-2 = लैब रिपोर्ट
labels-LOINC-18748-4 = स्कैन की रिपोर्ट

## Labels: SNOMED CT

labels-SNOMED-440545006 = दवा का पर्चा
labels-SNOMED-721981007 = लैब रिपोर्ट
labels-SNOMED-371530004 = ओपीडी का पर्चा
labels-SNOMED-373942005 = अस्पताल से छुट्टी का पर्चा
labels-SNOMED-41000179103 = टीका
labels-SNOMED-419891008 = दस्तावेज़
labels-SNOMED-409058009 = सेहत का रिकॉर्ड

## Labels: class

labels-class-AMB = क्लिनिक में दिखाया
labels-class-EMER = इमरजेंसी
labels-class-IMP = अस्पताल में भर्ती
labels-class-ACUTE = अस्पताल में भर्ती
labels-class-NONAC = अस्पताल में भर्ती
labels-class-SS = एक दिन का ऑपरेशन
labels-class-VR = ऑनलाइन परामर्श
labels-class-HH = घर पर मुलाक़ात
labels-class-OBSENC = निगरानी में
labels-class-PRENC = भर्ती से पहले
labels-class-FLD = मौक़े पर मुलाक़ात
labels-class-inpatient = अस्पताल में भर्ती
labels-class-outpatient = क्लिनिक में दिखाया
labels-class-ambulatory = क्लिनिक में दिखाया
labels-class-emergency = इमरजेंसी
labels-class-home = घर पर मुलाक़ात
labels-class-virtual = ऑनलाइन परामर्श
labels-class-daytime = दिन भर की भर्ती

## Labels: route

labels-route-PO = मुँह से
labels-route-26643006 = मुँह से
labels-route-IV = नस में
labels-route-47625008 = नस में
labels-route-IM = मांसपेशी में सुई
labels-route-78421000 = मांसपेशी में सुई
labels-route-SC = त्वचा के नीचे सुई
labels-route-SQ = त्वचा के नीचे सुई
labels-route-34206005 = त्वचा के नीचे सुई
labels-route-TOP = त्वचा पर लगाकर
labels-route-6064005 = त्वचा पर लगाकर
labels-route-45890007 = त्वचा पर लगाकर
labels-route-PR = मलद्वार से
labels-route-37161004 = मलद्वार से
labels-route-SL = जीभ के नीचे रखकर
labels-route-37839007 = जीभ के नीचे रखकर
labels-route-54485002 = आँख में
labels-route-10547007 = कान में
labels-route-46713006 = नाक में
labels-route-418136008 = साँस के साथ खींचकर
labels-route-447694001 = साँस के साथ खींचकर
labels-route-IH = साँस के साथ खींचकर

## Labels: criticality

labels-criticality-high = गंभीर हो सकती है
labels-criticality-CRITH = गंभीर हो सकती है

## Labels: allergyCategory

labels-allergyCategory-food = खाना
labels-allergyCategory-medication = दवा
labels-allergyCategory-environment = आस-पास का माहौल
labels-allergyCategory-biologic = जैविक चीज़

## Labels: severity

labels-severity-mild = हल्की
labels-severity-moderate = मध्यम
labels-severity-severe = गंभीर
labels-severity-fatal = जानलेवा

## Labels: clinicalStatus

labels-clinicalStatus-active = अभी है
labels-clinicalStatus-recurrence = दोबारा हुई
labels-clinicalStatus-relapse = दोबारा हुई
labels-clinicalStatus-remission = दबी हुई
labels-clinicalStatus-inactive = अभी नहीं
labels-clinicalStatus-resolved = ठीक हो गई

## Labels: medicationStatus

labels-medicationStatus-active = चालू
labels-medicationStatus-on-hold = फ़िलहाल रुकी
labels-medicationStatus-ended = अवधि ख़त्म
labels-medicationStatus-stopped = बंद
labels-medicationStatus-completed = पूरी हुई
labels-medicationStatus-draft = मसौदा
labels-medicationStatus-cancelled = रद्द
labels-medicationStatus-unknown = स्थिति पता नहीं
labels-medicationStatus-intended = लेनी है
labels-medicationStatus-not-taken = नहीं ली
labels-medicationStatus-in-progress = दी जा रही है
labels-medicationStatus-preparation = तैयार हो रही है
labels-medicationStatus-declined = मना किया
labels-medicationStatus-nullified = हटाई गई

## Labels: statementStatus

labels-statementStatus-active = ले रहे हैं
labels-statementStatus-recorded = दर्ज
labels-statementStatus-completed = पूरी हुई
labels-statementStatus-intended = लेनी है
labels-statementStatus-stopped = बंद
labels-statementStatus-on-hold = फ़िलहाल रुकी
labels-statementStatus-unknown = स्थिति पता नहीं
labels-statementStatus-not-taken = नहीं ले रहे
labels-statementStatus-draft = मसौदा

## Labels: adherence

labels-adherence-taking = ले रहे हैं
labels-adherence-not-taking = नहीं ले रहे
labels-adherence-on-hold = फ़िलहाल रुकी
labels-adherence-stopped = बंद
labels-adherence-unknown = स्थिति पता नहीं

## Labels: resultStatus

labels-resultStatus-preliminary = अंतिम नहीं
labels-resultStatus-registered = अंतिम नहीं
labels-resultStatus-partial = अंतिम नहीं
labels-resultStatus-amended = सुधारा गया
labels-resultStatus-corrected = सुधारा गया
labels-resultStatus-appended = बाद में जोड़ा गया
labels-resultStatus-cancelled = रद्द

## Labels: procedureStatus

labels-procedureStatus-preparation = तैयारी हो रही है
labels-procedureStatus-in-progress = चल रही है
labels-procedureStatus-on-hold = फ़िलहाल रुकी
labels-procedureStatus-suspended = फ़िलहाल रुकी
labels-procedureStatus-stopped = बीच में रोकी गई
labels-procedureStatus-aborted = बीच में रोकी गई
labels-procedureStatus-unknown = स्थिति पता नहीं

## Labels: visitStatus

labels-visitStatus-planned = होनी है
labels-visitStatus-arrived = पहुँच गए
labels-visitStatus-triaged = चल रही है
labels-visitStatus-in-progress = चल रही है
labels-visitStatus-onleave = छुट्टी पर
labels-visitStatus-unknown = स्थिति पता नहीं

## Labels: requestStatus

labels-requestStatus-draft = मसौदा
labels-requestStatus-on-hold = फ़िलहाल रुका
labels-requestStatus-active = बाक़ी है
labels-requestStatus-revoked = वापस लिया गया
labels-requestStatus-completed = हो गया
labels-requestStatus-unknown = स्थिति पता नहीं

## Labels: planStatus

labels-planStatus-draft = मसौदा
labels-planStatus-active = चालू
labels-planStatus-on-hold = फ़िलहाल रुकी
labels-planStatus-revoked = वापस ली गई
labels-planStatus-completed = पूरी हुई
labels-planStatus-unknown = स्थिति पता नहीं
labels-planStatus-proposed = सुझाव
labels-planStatus-planned = होनी है
labels-planStatus-accepted = चालू
labels-planStatus-rejected = मना किया
labels-planStatus-achieved = लक्ष्य पूरा
labels-planStatus-in-progress = चालू

## Labels: appointmentStatus

labels-appointmentStatus-proposed = सुझाव
labels-appointmentStatus-pending = इंतज़ार में
labels-appointmentStatus-booked = तय है
labels-appointmentStatus-arrived = पहुँच गए
labels-appointmentStatus-fulfilled = हो गया
labels-appointmentStatus-cancelled = रद्द
labels-appointmentStatus-noshow = छूट गया
labels-appointmentStatus-waitlist = इंतज़ार में
labels-appointmentStatus-checked-in = पहुँच गए

## Labels: documentStatus

labels-documentStatus-superseded = पुराना रूप
labels-documentStatus-preliminary = अंतिम नहीं
labels-documentStatus-amended = सुधारा गया

## Labels: dueStatus

labels-dueStatus-due = लगना है
labels-dueStatus-overdue = समय निकल गया
labels-dueStatus-immune = पूरा
labels-dueStatus-complete = पूरा
labels-dueStatus-contraindicated = नहीं देना है
labels-dueStatus-Due = लगना है
labels-dueStatus-Overdue = समय निकल गया
labels-dueStatus-Complete = पूरा

## Labels: modality

labels-modality-MR = MRI जाँच
labels-modality-CT = CT स्कैन
labels-modality-CR = एक्स-रे
labels-modality-DX = एक्स-रे
labels-modality-RF = एक्स-रे
labels-modality-US = अल्ट्रासाउंड
labels-modality-MG = स्तन का एक्स-रे (मैमोग्राम)
labels-modality-PT = PET स्कैन
labels-modality-NM = न्यूक्लियर स्कैन
labels-modality-XA = एंजियोग्राम
labels-modality-ES = दूरबीन की जाँच (एंडोस्कोपी)
labels-modality-OT = स्कैन
labels-modality-ECG = ईसीजी (ECG)
labels-modality-OP = आँख की तस्वीर
labels-modality-XC = तस्वीर
labels-modality-SM = माइक्रोस्कोप की जाँच
labels-modality-IO = दाँत का एक्स-रे
labels-modality-PX = दाँत का एक्स-रे

## Labels: reportCategory

labels-reportCategory-LAB = लैब रिपोर्ट
labels-reportCategory-RAD = स्कैन की रिपोर्ट
labels-reportCategory-RX = एक्स-रे की रिपोर्ट
labels-reportCategory-CT = CT की रिपोर्ट
labels-reportCategory-MR = MRI की रिपोर्ट
labels-reportCategory-US = अल्ट्रासाउंड की रिपोर्ट
labels-reportCategory-HM = ख़ून की रिपोर्ट
labels-reportCategory-CH = लैब रिपोर्ट
labels-reportCategory-MB = कीटाणु की जाँच की रिपोर्ट
labels-reportCategory-PAT = ऊतक की जाँच की रिपोर्ट
labels-reportCategory-SP = ऊतक की जाँच की रिपोर्ट
labels-reportCategory-CUS = दिल के अल्ट्रासाउंड की रिपोर्ट
labels-reportCategory-EC = ईसीजी (ECG) की रिपोर्ट

## Labels: relation

labels-relation-MTH = माँ
labels-relation-FTH = पिता
labels-relation-BRO = भाई
labels-relation-SIS = बहन
labels-relation-SON = बेटा
labels-relation-DAU = बेटी
labels-relation-GRMTH = दादी या नानी
labels-relation-GRFTH = दादा या नाना
labels-relation-MGRMTH = नानी
labels-relation-MGRFTH = नाना
labels-relation-PGRMTH = दादी
labels-relation-PGRFTH = दादा
labels-relation-AUNT = चाची, मौसी, बुआ या मामी
labels-relation-UNCLE = चाचा, मामा, मौसा या फूफा
labels-relation-SIB = भाई या बहन
labels-relation-PRN = माँ या पिता
labels-relation-CHILD = बच्चा
labels-relation-SPS = पति या पत्नी
labels-relation-72705000 = माँ
labels-relation-66839005 = पिता
labels-relation-70924004 = भाई
labels-relation-27733009 = बहन

## Labels: absentReason

labels-absentReason-unknown = पता नहीं
labels-absentReason-asked-unknown = पूछा गया, पता नहीं
labels-absentReason-temp-unknown = अभी पता नहीं
labels-absentReason-not-asked = पूछा नहीं गया
labels-absentReason-asked-declined = बताया नहीं गया
labels-absentReason-masked = भेजने वाले ने छिपाया है
labels-absentReason-not-applicable = लागू नहीं होता
labels-absentReason-unsupported = भेजने वाले के यहाँ दर्ज नहीं होता
labels-absentReason-as-text = लिखे हुए हिस्से में है
labels-absentReason-error = माप नहीं हो पाया
labels-absentReason-not-a-number = संख्या नहीं है
labels-absentReason-negative-infinity = माप की हद से नीचे
labels-absentReason-positive-infinity = माप की हद से ऊपर
labels-absentReason-not-performed = जाँच नहीं हुई
labels-absentReason-not-permitted = बताने की इजाज़त नहीं

## Labels: rangeType

labels-rangeType-therapeutic = दवा के असर की सीमा
labels-rangeType-treatment = इलाज का लक्ष्य
labels-rangeType-recommended = सुझाई गई सीमा
labels-rangeType-pre = इलाज से पहले
labels-rangeType-post = इलाज के बाद
labels-rangeType-critical = गंभीर सीमा

## What a result is said to be

flags-very-high = बहुत ज़्यादा
flags-very-low = बहुत कम
flags-critical = गंभीर
flags-high = ज़्यादा
flags-low = कम
flags-outside = अपेक्षित से बाहर
flags-in-range = सीमा के भीतर
flags-positive = पॉज़िटिव
flags-negative = नेगेटिव
flags-unclear = साफ़ नहीं
flags-detected = मिला
flags-not-detected = नहीं मिला
flags-reactive = रिएक्टिव
flags-weakly-reactive = हल्का रिएक्टिव
flags-non-reactive = नॉन-रिएक्टिव
flags-susceptible = दवा असर करती है
flags-intermediate = दवा थोड़ा असर करती है
flags-resistant = दवा असर नहीं करती
flags-up = ↑ बढ़ रहा है
flags-down = ↓ घट रहा है
flags-better = ↑ पहले से बेहतर
flags-worse = ↓ पहले से ख़राब
flags-above-range = लैब की सीमा से ऊपर
flags-below-range = लैब की सीमा से नीचे
flags-within-range = लैब की सीमा के भीतर

## Times of day and meals

when-HS = सोते समय
when-AC = खाने से पहले
when-PC = खाने के बाद
when-ACM = नाश्ते से पहले
when-ACD = दोपहर के खाने से पहले
when-ACV = रात के खाने से पहले
when-PCM = नाश्ते के बाद
when-PCD = दोपहर के खाने के बाद
when-PCV = रात के खाने के बाद
when-C = खाने के साथ
when-CM = नाश्ते के साथ
when-CD = दोपहर के खाने के साथ
when-CV = रात के खाने के साथ
when-MORN = सुबह
when-MORN_early = सुबह जल्दी
when-MORN_late = देर सुबह
when-NOON = दोपहर में
when-AFT = दोपहर बाद
when-AFT_early = दोपहर बाद जल्दी
when-AFT_late = देर दोपहर
when-EVE = शाम को
when-EVE_early = शाम को जल्दी
when-EVE_late = देर शाम
when-NIGHT = रात को
when-WAKE = जागने के बाद
when-PHS = सोकर उठने के बाद
when-AM = सुबह के समय
when-PM = दोपहर बाद या शाम को
when-BED = सोने के समय

## Days of the week

days-mon = सोमवार
days-tue = मंगलवार
days-wed = बुधवार
days-thu = गुरुवार
days-fri = शुक्रवार
days-sat = शनिवार
days-sun = रविवार

## Minutes before or after a meal or sleep

minutes-AC = खाने से { $n } मिनट पहले
minutes-PC = खाने के { $n } मिनट बाद
minutes-ACM = नाश्ते से { $n } मिनट पहले
minutes-ACD = दोपहर के खाने से { $n } मिनट पहले
minutes-ACV = रात के खाने से { $n } मिनट पहले
minutes-PCM = नाश्ते के { $n } मिनट बाद
minutes-PCD = दोपहर के खाने के { $n } मिनट बाद
minutes-PCV = रात के खाने के { $n } मिनट बाद
minutes-WAKE = जागने के { $n } मिनट बाद
minutes-PHS = सोकर उठने के { $n } मिनट बाद

## Lengths of time, as they stand after a number and before "में" or "तक"

periods-s = सेकंड
periods-min = मिनट
periods-h = घंटे
periods-d = दिन
periods-wk = हफ़्ते
periods-mo = महीने
periods-a = साल

## Units of a dose, as they stand after a number

doses-tablet = गोली
doses-capsule = कैप्सूल
doses-drop = बूँद
doses-puff = पफ़
doses-spray = स्प्रे
doses-patch = पैच
doses-sachet = पुड़िया
doses-vial = शीशी
doses-ampoule = ऐम्प्यूल
doses-teaspoon = चम्मच (चाय का)
doses-unit = यूनिट
doses-dose = ख़ुराक
doses-injection = इंजेक्शन
doses-suppository = मलद्वार की बत्ती
doses-units = यूनिट

## Units that are words

units-years = वर्ष
units-months = महीने
units-weeks = हफ़्ते
units-days = दिन
units-hours = घंटे
units-per_min = प्रति मिनट
units-beats_min = बार प्रति मिनट
units-breaths_min = साँस प्रति मिनट
units-drops = बूँदें
units-tablet = गोली
units-capsule = कैप्सूल
units-beats_minute = बार प्रति मिनट
units-breaths_minute = साँस प्रति मिनट
units-steps = क़दम
units-litres = लीटर
units-minutes = मिनट

## Statements that there is no allergy

noKnown-any = कोई एलर्जी मालूम नहीं
noKnown-drug = किसी दवा से एलर्जी मालूम नहीं
noKnown-food = खाने की किसी चीज़ से एलर्जी मालूम नहीं
noKnown-environment = आस-पास की किसी चीज़ से एलर्जी मालूम नहीं
noKnown-insect = किसी कीड़े से एलर्जी मालूम नहीं
noKnown-latex = लेटेक्स (रबर) से एलर्जी मालूम नहीं
noKnown-problems = कोई बीमारी मालूम नहीं
noKnown-medicines = कोई दवा चलती मालूम नहीं
noKnown-vaccinations = कोई टीका लगा मालूम नहीं
noKnown-unknown-allergies = एलर्जी के बारे में कोई जानकारी नहीं
noKnown-unknown-problems = बीमारियों के बारे में कोई जानकारी नहीं
noKnown-unknown-medicines = दवाओं के बारे में कोई जानकारी नहीं
noKnown-unknown-vaccinations = टीकों के बारे में कोई जानकारी नहीं

## Types of files

media-application_pdf = PDF
media-image_jpeg = JPEG तस्वीर
media-image_png = PNG तस्वीर
media-image_heic = HEIC तस्वीर
media-image_tiff = TIFF तस्वीर
media-image_gif = GIF तस्वीर
media-image_webp = WebP तस्वीर
media-image_bmp = BMP तस्वीर
media-text_plain = लिखा हुआ पाठ
media-text_html = वेब पेज
media-text_rtf = लिखा हुआ पाठ
media-application_rtf = लिखा हुआ पाठ
media-application_dicom = DICOM तस्वीर
media-application_xml = XML दस्तावेज़
media-text_xml = XML दस्तावेज़
media-application_zip = ZIP फ़ाइल
media-application_json = JSON डेटा
media-application_fhir_json = JSON डेटा

## What a title begins with unless the record is a fact

standing-in-error = ग़लती से दर्ज: { $title }
standing-refuted = रिकॉर्ड के अनुसार नहीं है: { $title }
standing-not-done = नहीं किया गया: { $title }
standing-not-given = नहीं दिया गया: { $title }
standing-do-not-take = यह दवा न लें: { $title }
standing-do-not-perform = यह न करें: { $title }
standing-do-not-give = यह न दें: { $title }
standing-cancelled = रद्द: { $title }
standing-not-taken = नहीं ली जा रही: { $title }
standing-suspected = शक है: { $title }
standing-unconfirmed = पक्का नहीं: { $title }
standing-suggested = सुझाव: { $title }
standing-planned = होना है: { $title }
standing-advised = सलाह दी गई: { $title }
standing-draft = मसौदा: { $title }
standing-due = लगना है: { $title }
standing-missed = छूट गया: { $title }
standing-declined = मना किया गया: { $title }

## Phrases

phrases-code = कोड { $code } ({ $system })
phrases-localCode = स्थानीय कोड
phrases-allergy = एलर्जी: { $x }
phrases-intolerance = शरीर सह नहीं पाता: { $x }
phrases-otherRecord = दूसरा रिकॉर्ड
phrases-asReceived = जैसा मिला वैसा दिखाया गया
phrases-noDate = तारीख़ नहीं है
phrases-dateUnclear = तारीख़ साफ़ नहीं
phrases-period = { $from }–{ $to }
phrases-since = { $date } से
phrases-until = { $date } तक
phrases-age = { $age } की उम्र में
phrases-ages = { $from } से { $to } की उम्र में
phrases-dateTime = { $date }, { $time }
phrases-recorded = { $date } को दर्ज
phrases-reported = { $date } को रिपोर्ट दी गई
phrases-received = { $date } को मिला
phrases-yes = हाँ
phrases-no = नहीं
phrases-to = { $low } से { $high }
phrases-range = { $low } - { $high }
phrases-upTo = { $high } तक
phrases-orMore = { $low } या ज़्यादा
phrases-rangeOf = { $meaning }: { $range }
phrases-noValue = माप नहीं है: { $reason }
phrases-noValueAtAll = इस रिकॉर्ड में कोई माप नहीं है
phrases-waveform = तरंग का चित्र
phrases-panel = { $n ->
    [one] { $n } नतीजा
   *[other] { $n } नतीजे
}
phrases-namedValue = { $name } { $value }
phrases-results = { $n ->
    [one] { $n } नतीजा
   *[other] { $n } नतीजे
}
phrases-resultsOutside = { $results }, { $n } सीमा से बाहर
phrases-resultMissing = { $n } शामिल नहीं
phrases-images = { $series } शृंखला, { $images } तस्वीरें
phrases-series = { $series } शृंखला
phrases-imageCount = { $images } तस्वीरें
phrases-sized = { $type }, { $size }
phrases-kb = { $n } KB
phrases-mb = { $n } MB
phrases-bytes = { $n } बाइट
phrases-doseOf = कुल { $total } में से ख़ुराक { $n }
phrases-dose = ख़ुराक { $n }
phrases-lot = लॉट { $lot }
phrases-for = कारण: { $reason }
phrases-by = { $who } ने लिखा
phrases-notGiven = कारण: { $reason }
phrases-reportedByPatient = मरीज़ का बताया हुआ
phrases-toldByPatient = मरीज़ ने बताया
phrases-ownEntry = ख़ुद का लिखा हुआ
own-source = मरीज़ का लिखा हुआ
phrases-visitDiagnosis = मुलाक़ात में पाई गई बीमारी
phrases-stay = { $n ->
    [one] { $n } दिन
   *[other] { $n } दिन
}
phrases-reactions = असर: { $list }
phrases-withSeverity = { $text } ({ $severity })
phrases-dueOn = { $date } को लगना है
phrases-relative = { $who }: { $what }
phrases-outcome = नतीजा: { $text }
phrases-supply = { $quantity }, { $days } दिन के लिए
phrases-daysSupply = { $days } दिन के लिए
phrases-target = लक्ष्य: { $text }
phrases-activities = { $n ->
    [one] { $n } काम
   *[other] { $n } काम
}
phrases-unitUnclear = इकाई साफ़ नहीं
phrases-notFinal = अंतिम नहीं
phrases-contains = { $n } { $kind }
phrases-noDosage = इस रिकॉर्ड में ख़ुराक नहीं लिखी है
phrases-modifier = इसके साथ कोई शर्त जुड़ी है: मूल रिकॉर्ड देखें

## How many of a kind

counts-allergy = { $n ->
    [one] एलर्जी
   *[other] एलर्जियाँ
}
counts-problem = { $n ->
    [one] सेहत की समस्या
   *[other] सेहत की समस्याएँ
}
counts-medicine = { $n ->
    [one] दवा
   *[other] दवाएँ
}
counts-immunization = { $n ->
    [one] टीका
   *[other] टीके
}
counts-result = { $n ->
    [one] नतीजा
   *[other] नतीजे
}
counts-vital = { $n ->
    [one] शरीर का माप
   *[other] शरीर के माप
}
counts-report = { $n ->
    [one] रिपोर्ट
   *[other] रिपोर्टें
}
counts-procedure = { $n ->
    [one] प्रक्रिया
   *[other] प्रक्रियाएँ
}
counts-visit = { $n ->
    [one] मुलाक़ात
   *[other] मुलाक़ातें
}
counts-document = दस्तावेज़
counts-imaging = स्कैन
counts-request = सलाह
counts-plan = { $n ->
    [one] योजना
   *[other] योजनाएँ
}
counts-appointment = अपॉइंटमेंट
counts-family = { $n ->
    [one] परिवार की बीमारी
   *[other] परिवार की बीमारियाँ
}
counts-device = उपकरण

## Parts of a dosage line

dosage-onceA = { $unit } में एक बार
dosage-timesA = { $unit } में { $n ->
    [1] एक
    [2] दो
    [3] तीन
    [4] चार
   *[other] { $n }
} बार
dosage-every = हर { $n } { $units } में
dosage-everyOne = हर { $unit } में
dosage-timesEvery = हर { $m } { $units } में { $n } बार
dosage-toTimes = { $n } से { $m }
dosage-asNeeded = ज़रूरत पड़ने पर
dosage-asNeededFor = ज़रूरत पड़ने पर ({ $x })
dosage-for = { $n } { $units } तक
dosage-forTo = { $n } से { $m } { $units } तक
dosage-until = { $date } तक
dosage-from = { $date } से
dosage-fromTo = { $from } से { $to } तक
dosage-times = { $n ->
    [1] कुल एक बार
   *[other] कुल { $n } बार
}
dosage-on = { $days } को
dosage-at = { $times } बजे
dosage-minutesBefore = { $when }, { $n } मिनट
dosage-max = { $period } में { $amount } से ज़्यादा नहीं
dosage-rate = { $rate } की दर से
dosage-and = { $first }; { $next }
dosage-then = { $first }, फिर { $next }
dosage-list = { $first } और { $last }
dosage-gloss3 = { $text } (सुबह { $a }, दोपहर { $b }, रात { $c })
dosage-gloss4 = { $text } (सुबह { $a }, दोपहर { $b }, शाम { $c }, रात { $d })
dosage-extra = { $text }। { $extra }

## Sentences whose parts may be absent: an absent part goes with what stands before it

sentences-dosage = { $dose }, { $rate }, { $route }, { $frequency }, { $days }, { $times }, { $meals }, { $asNeeded }, { $duration }, { $count }, { $limits }, { $extra }
sentences-flagged = { $name } { $value } { $flag }
