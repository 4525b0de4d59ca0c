### Why a file or an entry did not come in, or came in with a remark.

reasons-empty = फ़ाइल ख़ाली है।
reasons-too-large = फ़ाइल 32 MB से बड़ी है।
reasons-inflates-too-large = दबाकर रखी गई फ़ाइल खुलने पर 64 MB से बड़ी हो जाती है, या सेहत के रिकॉर्ड से कहीं ज़्यादा बढ़ जाती है।
reasons-broken-gzip = दबाकर रखी गई फ़ाइल ख़राब है या बीच में कट गई है।
reasons-gzip-unread-rest = दबाकर रखी गई फ़ाइल के बाद कुछ ऐसा है जो किसी चीज़ का हिस्सा नहीं; उससे पहले का सब ले लिया गया।
reasons-too-many-parts = दबाकर रखी गई फ़ाइल 10,000 से ज़्यादा टुकड़ों से बनी है।
reasons-encoding-utf16 = फ़ाइल UTF-16 में लिखी है। कृपया इसे UTF-8 में सहेजें।
reasons-encoding-not-utf8 = यह UTF-8 में नहीं लिखा है; शायद किसी पुराने तरीक़े के अक्षरों में है।
reasons-not-fhir-json = फ़ाइल JSON में लिखा FHIR रिकॉर्ड नहीं है।
reasons-no-resource-type = इसमें यह नहीं लिखा कि यह किस तरह का FHIR रिकॉर्ड है।
reasons-xml-broken = यह सही XML नहीं है, या वैसा नहीं जैसा FHIR लिखता है। इसमें से कुछ नहीं लिया गया।
reasons-xml-doctype = यह अपने शुरू में अपने ही शब्द तय करता है, जिन्हें मानना सुरक्षित नहीं है। इसमें से कुछ नहीं लिया गया।
reasons-xml-too-large = फ़ाइल पढ़ने पर बहुत बड़ी हो जाती है।
reasons-xml-encoding = इस XML फ़ाइल के अक्षर ऐसे ढंग से लिखे हैं जो यहाँ पढ़ा नहीं जा सकता।
reasons-xml-letters-lost = इस फ़ाइल के कुछ अक्षर ख़राब हैं। उनकी जगह � दिखाया गया है।
reasons-truncated = यह बीच में ही ख़त्म हो जाता है; एक हिस्सा नहीं है। इसमें से कुछ नहीं लिया गया।
reasons-broken-json = यह सही JSON नहीं है।
reasons-control-bytes = जहाँ अक्षर होने चाहिए वहाँ नियंत्रण के निशान हैं।
reasons-json-comment = इसमें टिप्पणियाँ हैं, जो JSON में नहीं हो सकतीं।
reasons-trailing-comma = बंद होते ब्रैकेट से पहले एक कॉमा ज़्यादा है।
reasons-too-deep = रिकॉर्ड में परतों के भीतर इतनी परतें हैं कि इसे सुरक्षित ढंग से पढ़ा नहीं जा सकता।
reasons-too-many-entries = फ़ाइल में 1,00,000 से ज़्यादा रिकॉर्ड हैं।
reasons-resource-too-large = रिकॉर्ड अपनी फ़ाइलों के बिना भी 4 MB से बड़ा है।
reasons-not-an-object = यह FHIR रिकॉर्ड नहीं है।
reasons-deleted = भेजने वाले ने यह रिकॉर्ड मिटा दिया है; रखने को कुछ नहीं है।
reasons-no-resource = इसमें कोई रिकॉर्ड नहीं है।
reasons-operation-outcome = यह भेजने वाले के सर्वर का संदेश है, सेहत का रिकॉर्ड नहीं।
reasons-duplicate-key = रिकॉर्ड में एक जानकारी दो बार लिखी है। आख़िरी वाली मानी गई, जैसा ज़्यादातर प्रोग्राम करते हैं।
reasons-doubled-entry-list = फ़ाइल में `entry` नाम की सूची एक से ज़्यादा बार है; सबके रिकॉर्ड देखे गए।
reasons-doubled-resource = इसमें `resource` एक से ज़्यादा बार है; कौन-सा रिकॉर्ड सही है, यह साफ़ नहीं।
reasons-type-differs = साथ लगी फ़ाइल उस तरह की नहीं है जैसी बताई गई है।
reasons-invalid-base64 = साथ लगी फ़ाइल ख़राब है और खोली नहीं जा सकती।
reasons-date-unclear = एक तारीख़ सही नहीं हो सकती, इसलिए छोड़ दी गई; रिकॉर्ड बिना तारीख़ के दिखाया जाता है।
reasons-unit-unclear = नतीजे की इकाई दो तरह से लिखी है और दोनों अलग हैं; इसे चार्ट में नहीं दिखाया जाता।
reasons-odd-shape = कुछ जानकारी FHIR के तय रूप में नहीं है; जो पढ़ा जा सका वह दिखाया गया है।
reasons-several-patients = फ़ाइल में एक से ज़्यादा मरीज़ों के रिकॉर्ड हैं।
reasons-other-release = फ़ाइल FHIR R4 के बजाय किसी दूसरे संस्करण में लिखी है; इसके रिकॉर्ड सादे रूप में दिखाए जाते हैं।
reasons-subject-unclear = यह साफ़ नहीं कि यह रिकॉर्ड किसका है; फ़ाइल एक ही व्यक्ति के बारे में है, इसलिए उन्हीं का माना गया।
reasons-subject-unknown = यह रिकॉर्ड इस फ़ाइल के लोगों के बजाय किसी और का है; यह फ़ाइल में रहता है और किसी के नाम नहीं लिखा गया।
reasons-deep-nesting = रिकॉर्ड में परतों के भीतर बहुत परतें हैं।

## A code that this version does not know

reasons-unknown = इसे पढ़ा नहीं जा सका।
