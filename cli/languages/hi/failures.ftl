### What went wrong, and what to do next, in Hindi. An identifier is a section and a key; `error` and `hint` go by the code of the error.

## What went wrong, by its code

error-no-vault = यहाँ अभी कोई वॉलेट नहीं है।
error-vault-exists = यहाँ पहले से एक वॉलेट है।
error-in-use = वॉलेट किसी और प्रोग्राम में खुला है। पहले उसे बंद करें।
error-wrong-key = इससे वॉलेट नहीं खुला। पासफ़्रेज़ जाँचकर फिर कोशिश करें।
error-wrong-phrase = इन 24 शब्दों से यह वॉलेट नहीं खुलता। हो सकता है कि ये किसी दूसरे वॉलेट के शब्द हों, या पुराने हों।
error-phrase-word = शब्द { $position } वापस खोलने वाले शब्दों की सूची में नहीं है। उसके अक्षर जाँच लें।
error-phrase-count =
    { $count ->
        [one] वापस खोलने वाले शब्द 24 होते हैं; यहाँ { $count } है।
       *[other] वापस खोलने वाले शब्द 24 होते हैं; यहाँ { $count } हैं।
    }
error-phrase-order = हर शब्द सूची का है, पर साथ मिलकर ये वापस खोलने वाले शब्द नहीं बनते। हो सकता है कि दो शब्दों की जगह बदल गई हो, या कोई एक शब्द दूसरा हो।
error-locked = वॉलेट बंद है।
error-needs-recovery = इस डिवाइस की कुंजी अब नहीं रही, इसलिए इससे वॉलेट नहीं खुल सकता।
error-key-lost = इस डिवाइस की कुंजी अब नहीं रही, और इस वॉलेट को खोलने का कोई दूसरा तरीक़ा नहीं है। हो सकता है कि किसी बैकअप में हो।
error-last-way = वॉलेट खोलने का यही एक तरीक़ा है। पहले कोई दूसरा तरीक़ा जोड़ें।
error-no-recovery = इस वॉलेट के लिए वापस खोलने वाले शब्द नहीं हैं।
error-parts-deleted = इस फ़ाइल का एक हिस्सा मिटाया गया था, इसलिए यह वैसी नहीं रखी गई जैसी आई थी। इसके बाक़ी रिकॉर्ड यहीं हैं।
error-keystore = इस डिवाइस ने अपनी सुरक्षित कुंजी नहीं दी।
error-weak-passphrase = कम से कम 8 अक्षरों का पासफ़्रेज़ चुनें।
error-newer-vault = यह वॉलेट Kosha के नए संस्करण से लिखा गया है।
error-damaged = इसके लिए वॉलेट का जो हिस्सा चाहिए, उसमें ख़राबी है। कुछ भी बदला नहीं गया।
error-read-only = वॉलेट ऐसी जगह है जहाँ कुछ लिखा नहीं जा सकता, इसलिए इसे सिर्फ़ पढ़ा जा सकता है। इसमें बदलाव करने के लिए इसका पूरा फ़ोल्डर ऐसी जगह कॉपी करें जहाँ लिखा जा सके।
error-not-a-vault = यहाँ का वॉलेट इतना ख़राब है कि पढ़ा नहीं जा सकता।
error-other-files = इस फ़ोल्डर में पहले से दूसरी फ़ाइलें हैं, और कोई वॉलेट नहीं है। उन्हें छुआ नहीं गया; कोई खाली या नया फ़ोल्डर चुनें।
error-disk-full = डिस्क भर गई है। कुछ भी खोया नहीं है; कुछ जगह ख़ाली करके फिर कोशिश करें।
error-io = सिस्टम वॉलेट की फ़ाइलें पढ़ या लिख नहीं सका।
error-newer-backup = यह बैकअप Kosha के नए संस्करण का है (रूप { $format }); यह संस्करण रूप 1 पढ़ता है। बैकअप को छुआ नहीं गया। इसके लिए नया संस्करण लगाएँ।
error-dangling-link = वॉलेट का फ़ोल्डर एक लिंक है जो कहीं नहीं पहुँचता। देख लें कि जिस ड्राइव पर वह जाता है वह जुड़ी है या नहीं, या दूसरा फ़ोल्डर चुनें।
error-no-such-folder = जिस फ़ोल्डर में वॉलेट बनना है वह मौजूद नहीं है। पहले उसे बनाएँ, या दूसरा चुनें।
error-inside-vault = यह जगह वॉलेट के फ़ोल्डर के अंदर है, जहाँ वॉलेट के सिवा कुछ नहीं रखा जा सकता। दूसरी जगह चुनें।
error-not-empty = यह फ़ोल्डर ख़ाली नहीं है। ऐसा चुनें जो ख़ाली हो, या जो अभी बना न हो।
error-internal = अंदर कुछ गड़बड़ हुई। कुछ भी बदला नहीं गया।
error-no-such-record = इस id का कोई रिकॉर्ड या दस्तावेज़ नहीं है।
error-no-such-share = इस id का कोई साझा नहीं है।
error-no-such-entry = लॉग में इस नंबर की कोई प्रविष्टि नहीं है।
error-anchor-not-kept = यह दर्ज हो गया, पर आपके रिकॉर्ड कहाँ तक पहुँचे हैं, इसका निशान नहीं रखा जा सका। बाद में फिर कोशिश करें।
error-no-visit = अभी कोई मुलाक़ात दर्ज नहीं है। कोई दिन बताएँ।
error-no-such-result = इस कोड या नाम से जाँच का कोई नतीजा नहीं है।
error-no-such-person = इस id या नाम का कोई व्यक्ति नहीं है।
error-same-person = ये दोनों पहले से एक ही व्यक्ति हैं।
error-not-merged = यह व्यक्ति किसी और के साथ मिलाया नहीं गया है।
error-bad-name = नाम में 1 से 200 अक्षर होते हैं।
error-bad-relation = इनमें से एक लिखें: `self`, `partner`, `parent`, `child`, `sibling`, `grandparent`, `grandchild`, `other`।
error-bad-gender = इनमें से एक लिखें: `female`, `male`, `other`, `unknown`।
error-bad-birth-date = यह जन्म तारीख़ आगे की है, या 150 साल से भी पहले की। इसे ऐसे लिखें: 1980-01-02, 1980-01 या 1980।
error-same-name = इस नाम का कोई व्यक्ति यहाँ पहले से है। अगर ये कोई और हैं, तो यह बताएँ, या ऐसी जन्म तारीख़ें दें जिनसे दोनों अलग पहचाने जाएँ।
error-owner-is-part = ये रिकॉर्ड इन्हीं के हैं, इसलिए इन्हें किसी और में नहीं मिलाया जा सकता। दोनों को उल्टे क्रम में मिलाएँ, या पहले दूसरे व्यक्ति को मालिक बनाएँ।
error-nothing-to-change = इससे कुछ नहीं बदलेगा: बताएँ कि क्या बदलना है।
error-owner-is-known = इन रिकॉर्ड के मालिक यहाँ पहले से दर्ज हैं। अगर इन्हें मालिक बनाना है, तो यह बताएँ।
error-bad-field = इनमें से लिखें: `name`, `birth-year`, `blood-group`, `allergies`, `conditions`, `medicines`, `contact`।
error-bad-contact = `contact` के साथ ज़्यादा से ज़्यादा 200 अक्षरों का पाठ चाहिए, और पाठ के साथ `contact` भी।
error-no-keystore = इस डिवाइस में आपातकालीन कार्ड की कुंजी सुरक्षित रखने की जगह नहीं है।
error-no-emergency-card = कोई आपातकालीन कार्ड नहीं है।
error-no-such-attachment = इस रिकॉर्ड के साथ इस नंबर की कोई फ़ाइल नहीं है।
error-bad-range = यह फ़ाइल का हिस्सा नहीं है। पहला और आख़िरी बाइट लिखें, जैसे 0-999, या बाक़ी सब के लिए 1000-।
error-not-the-same = ये दोनों पहले से अलग-अलग दिखते हैं।
error-nothing-to-undo = वापस लेने के लिए कुछ नहीं है।
error-ambiguous = इस शुरुआत वाले एक से ज़्यादा हैं। id या नाम के और अक्षर लिखें।
error-person-needed = यहाँ एक से ज़्यादा लोगों के रिकॉर्ड हैं। बताएँ कि किसके चाहिए।
error-bad-date = यह तारीख़ नहीं है। ऐसे लिखें: 2024, 2024-03 या 2024-03-05।
error-bad-expiry = यह समय की अवधि नहीं है। ऐसे लिखें: `15m`, `6h`, `1d` या `2w`; ज़्यादा से ज़्यादा `366d`।
error-bad-views = साझा को 1 से 10,00,000 बार खुलने तक सीमित किया जा सकता है। सीमा न हो, तो वह ख़त्म होने तक खुलता है।
error-bad-kind = इस तरह के रिकॉर्ड नहीं होते।
error-bad-sensitive = ऐसी कोई निजी श्रेणी नहीं है। इनमें से लिखें: `hiv`, `mental`, `sexual`, `substance`।
error-bad-cursor = यह पिछले किसी पन्ने को आगे नहीं बढ़ाता।
error-nothing-chosen = बताएँ कि क्या साझा करना है: सब कुछ, कुछ क़िस्में, अलग-अलग रिकॉर्ड, या किसी समय के रिकॉर्ड।
error-nothing-to-share = आपके चुने हुए में कुछ नहीं मिला, इसलिए साझा करने को कुछ नहीं है।
error-several-persons = ये रिकॉर्ड एक से ज़्यादा लोगों के हैं। एक साझा में दो लोगों के रिकॉर्ड कभी नहीं होते।
error-bad-passcode = पासकोड में 4 से 64 अक्षर होते हैं।
error-direct-with-passcode = सीधा लिंक पासकोड नहीं पूछ सकता।
error-not-permitted = यह साझा नहीं किया जा सकता: { $reason }
error-too-large = यह एक लिंक की क्षमता से ज़्यादा है। कम रिकॉर्ड चुनें।
error-bad-relay = रिले का पता इस्तेमाल नहीं हो सकता: इस कंप्यूटर को छोड़कर हर जगह `https` चाहिए।
error-relay-unreachable = रिले से संपर्क नहीं हो सका। साझा रुका हुआ है और अगली बार भेजा जाएगा।
error-relay-refused = रिले ने साझा स्वीकार नहीं किया: { $reason }
error-upload-token-needed = रिले ने साझा स्वीकार नहीं किया: वह भेजने की अनुमति का टोकन माँगता है।
error-qr-too-long = लिंक QR कोड के लिए बहुत लंबा है।
error-bad-link = यह सेहत के रिकॉर्ड का लिंक नहीं है: { $reason }
error-link-ended = लिंक का समय पूरा हो गया, उसे वापस ले लिया गया, या वह जितनी बार खुल सकता था खुल चुका।
error-passcode-needed = यह लिंक पासकोड माँगता है।
error-wrong-passcode = पासकोड सही नहीं है।
error-not-own-entry = यह यहाँ नहीं लिखा गया था, इसलिए इसे सुधारा या हटाया नहीं जाता। इसे दूसरे व्यक्ति के नाम किया जा सकता है, या हमेशा के लिए मिटाया जा सकता है।
error-entry-removed = यह प्रविष्टि हटाई जा चुकी है। अगर यह सही थी, तो इसे फिर से लिख लें।
error-other-sort = यह प्रविष्टि दूसरी क़िस्म की है। इसे उसी क़िस्म से सुधारें, या इसे हटाकर दूसरी लिखें।
error-person-stays = सुधारने से प्रविष्टि का व्यक्ति नहीं बदलता। पहले उसे दूसरे व्यक्ति के नाम करें।
error-said-already = ठीक यही एक मिनट से भी कम समय पहले लिखा गया है। अगर इसे फिर लिखना है, तो यह बताएँ।
error-not-a-backup = यह फ़ाइल बैकअप नहीं है। कुछ भी बदला नहीं गया।
error-backup-of-another-vault = इस फ़ाइल में किसी दूसरे वॉलेट का बैकअप है। उसे छुआ नहीं गया; दूसरी फ़ाइल चुनें।
error-backup-of-another-copy = इस फ़ाइल में वह बैकअप है जो इस वॉलेट की किसी दूसरी प्रति ने बनाया। उसे छुआ नहीं गया; दूसरी फ़ाइल चुनें।
error-backup-unfinished = इस बैकअप का आख़िरी हिस्सा नहीं है। उससे पहले जो था वह पूरा है।
error-backup-cut-short = इस बैकअप का एक हिस्सा नहीं है, इसलिए इसे इस्तेमाल नहीं किया जा सकता।
error-backup-surplus = इस बैकअप के ख़त्म होने के बाद कुछ ऐसा है जो इसका नहीं है। उससे पहले जो है वह पूरा है।
error-backup-head-altered = हो सकता है कि यह बैकअप हो जिसकी शुरुआत ख़राब है, इसलिए पता नहीं चलता कि किस वॉलेट का है। उसे छुआ नहीं गया; दूसरी फ़ाइल चुनें।
error-backup-mixed = यह बैकअप ऐसे टुकड़ों से बना है जो साथ के नहीं हैं। इसे इस रूप में इस्तेमाल नहीं किया जा सकता।
error-backup-needs-secret = बैकअप को दूसरे डिवाइस पर भी खुलना होता है। पहले वॉलेट के लिए पासफ़्रेज़ या वापस खोलने वाले शब्द बनाएँ।
error-backup-unsound = इस बैकअप के अंदर का वॉलेट कुछ हिस्सों में ख़राब है।
error-backup-not-found = ऐसी कोई फ़ाइल नहीं है। उसका नाम जाँचें, और यह भी कि उसकी ड्राइव जुड़ी है या नहीं।
error-backup-no-folder = बैकअप का फ़ोल्डर मौजूद नहीं है। पहले उसे बनाएँ, या दूसरा चुनें।
error-backup-is-folder = यह फ़ोल्डर है। बैकअप एक फ़ाइल होता है: उसका नाम भी लिखें।
error-backup-io = सिस्टम बैकअप की फ़ाइल या उसके फ़ोल्डर को पढ़ या लिख नहीं सका।
error-backup-altered = यह बैकअप बदला गया है या ख़राब है। इसे इस रूप में इस्तेमाल नहीं किया जा सकता।
error-no-scratch = अस्थायी फ़ाइलों के फ़ोल्डर में, जहाँ बैकअप जाँचा जाता है, कुछ लिखा नहीं जा सकता।
error-link-busy = लिंक नहीं खुल सका: उसका सर्वर कहता है कि थोड़ा रुककर फिर कोशिश करें।
error-no-network = लिंक नहीं खुल सका: उसके सर्वर से संपर्क नहीं हो सका।
error-timeout = लिंक नहीं खुल सका: उसके सर्वर ने जवाब देने में बहुत देर लगाई।
error-answer-too-large = लिंक नहीं खुल सका: उसके सर्वर ने इतना भेजा जितना लिया नहीं जाता।
error-insecure = लिंक नहीं खुल सका: सुरक्षित संपर्क नहीं बन पाया।
error-not-understood = लिंक नहीं खुल सका: उसके सर्वर का जवाब समझ में नहीं आया।
error-redirected = लिंक नहीं खुल सका: उसका सर्वर कहीं और भेजता है, और वहाँ नहीं जाया जाता।
error-unreadable = लिंक नहीं खुल सका: उसकी सामग्री का ताला नहीं खुला, या वह पढ़ी नहीं जा सकी।
error-proof-unreadable = यह प्रमाण की फ़ाइल नहीं है, या ख़राब है।
error-proof-newer = प्रमाण की यह फ़ाइल Kosha के नए संस्करण से बनी है।
error-bad-key = यह कुंजी नहीं है: फ़िंगरप्रिंट के 64 अंक दें, या जाँच-कुंजी का पूरा पाठ।
error-bad-checkpoint = जिससे मिलाना है वह लॉग का चेकपॉइंट नहीं है, या उसे बदला गया है।
error-proof-other-key = इस लॉग पर हस्ताक्षर की कुंजी वह नहीं है जिससे मिलाना था। यह वही लॉग नहीं है।
error-proof-signature = प्रमाण की इस फ़ाइल का हस्ताक्षर सही नहीं है: इसमें लॉग के बारे में लिखी बात बदली गई है।
error-proof-entry = प्रविष्टि { $n } हस्ताक्षर वाले लॉग में नहीं है: उसे बदला या हटाया गया, या वह कभी थी ही नहीं।
error-proof-rewritten = यह पहले के चेकपॉइंट वाला लॉग नहीं है: इसमें कुछ बदला, हटाया या आगे-पीछे किया गया है।
error-proof-cut-off = जिस चेकपॉइंट से मिलाना है उसमें { $held } प्रविष्टियाँ हैं, और यह लॉग { $here } पर ख़त्म होता है: यह पुराना है, या इसका आख़िरी हिस्सा काटा गया है।
error-proof-not-comparable = प्रमाण की इस फ़ाइल से पता नहीं चलता कि आपके चेकपॉइंट की { $held } प्रविष्टियों से लॉग आगे कैसे बढ़ा। ऐसी फ़ाइल माँगें जो उसी चेकपॉइंट के साथ बनी हो।
error-nothing-to-prove = बताएँ कि क्या साबित करना है: अलग-अलग प्रविष्टियाँ, किसी साझा की, या सभी।
error-not-a-number = यह संख्या नहीं है। ऐसे लिखें: 72.5।
error-out-of-bounds = { $what } के लिए { $low } से { $high } { $unit } तक की संख्या ही ली जाती है। संख्या और इकाई एक बार फिर देख लें।
error-bad-blood-group = ख़ून का ग्रुप ऐसे लिखें: A+, A-, B+, B-, AB+, AB-, O+ या O-।
error-future-date = यह तारीख़ अभी आई नहीं है।
error-ends-before-it-begins = ख़त्म होने की तारीख़ शुरू होने से पहले की है। दोनों तारीख़ें एक बार फिर देख लें।
error-no-reaction = बताएँ कि कौन-सा असर इतना गंभीर था।
error-note-of-note = टिप्पणी अपने आप में पूरा पाठ है; उस पर और टिप्पणी नहीं होती।

## The same code, said of something else

errorBackup-inside-vault = यह जगह वॉलेट के फ़ोल्डर के अंदर है: वॉलेट के साथ यहाँ का सब कुछ भी खो जाएगा। दूसरी जगह चुनें; दूसरी ड्राइव सबसे अच्छी है।
errorBackup-dangling-link = बैकअप का नाम एक लिंक है जो कहीं नहीं पहुँचता। देख लें कि जिस ड्राइव पर वह जाता है वह जुड़ी है या नहीं, या दूसरी फ़ाइल चुनें।
entry-ambiguousNumber = यह संख्या दो तरह से पढ़ी जा सकती है। इसे दशमलव बिंदु के साथ लिखें, जैसे 72.5, और बीच में कॉमा न लगाएँ।
entry-ambiguousFeet = दशमलव वाले फ़ुट दो तरह से पढ़े जा सकते हैं। `5 ft 11 in` लिखें, या सेंटीमीटर में।
entry-unitMissing = इकाई भी लिखें: { $units }।
entry-unitUnknown = यह इकाई यहाँ नहीं चलती। ऐसे लिखें: { $units }।
entry-bloodPressure = ब्लड प्रेशर ऐसे लिखें: 130/85।
entry-bloodPressureOrder = ब्लड प्रेशर में पहली संख्या बड़ी होती है: 130/85।
entry-empty = इसका पाठ ख़ाली है: { $field }।
entry-tooLong = इसका पाठ बहुत लंबा है: { $field }। ज़्यादा से ज़्यादा { $most } अक्षर हो सकते हैं।
entry-controlCharacter = इसके पाठ में ऐसे अक्षर हैं जो दिखते नहीं और रखे नहीं जा सकते: { $field }।
entry-date = यह तारीख़ नहीं है। ऐसे लिखें: 2024, 2024-03, 2024-03-05 या 2024-03-05T10:20।
entry-timesADay = दवा दिन में 1 से 24 बार ली जाती है।
entry-doseNumber = ख़ुराक का नंबर 1 से 99 के बीच होता है।

## What of an own entry is meant

field-problem = समस्या
field-vaccine = टीका
field-place = जगह
field-medicine = दवा
field-strength = दवा की ताक़त
field-dose = ख़ुराक
field-when = कब लेनी है
field-reason = कारण
field-allergy = एलर्जी
field-reaction = असर
field-doctor = डॉक्टर
field-note = टिप्पणी
measure-weight = वज़न
measure-height = लंबाई
measure-pulse = नब्ज़
measure-temperature = शरीर का तापमान
measure-oxygen = ख़ून में ऑक्सीजन
measure-sugar = शुगर
measure-systolic = ऊपर का ब्लड प्रेशर
measure-diastolic = नीचे का ब्लड प्रेशर

## What opens the vault

opens-both = यह पासफ़्रेज़ से या वापस खोलने वाले 24 शब्दों से खुलता है।
opens-passphrase = यह पासफ़्रेज़ से खुलता है।
opens-recovery = यह वापस खोलने वाले 24 शब्दों से खुलता है।
opens-device = यह उसी डिवाइस से खुलता है जिस पर बना था।
passcode-left =
    { $count ->
        [0] अब कोई कोशिश बाक़ी नहीं है; यह लिंक अब नहीं खुलेगा।
       *[other] बाक़ी कोशिशें: { $count }।
    }

## What to type next

hint-no-vault = `kosha init` से नया बनता है।
hint-other-files = `--vault DIR` से फ़ोल्डर बताएँ।
hint-no-such-folder = `--vault DIR` से फ़ोल्डर बताएँ।
hint-no-recovery = `kosha recovery` से वे बनते हैं।
hint-not-a-vault = `kosha restore FILE --replace` बैकअप वापस लाता है, और यहाँ जो है उसे पास के एक फ़ोल्डर में अलग रख देता है।
hint-vault-exists = `--vault DIR` से दूसरा फ़ोल्डर बताएँ। अगर यह वॉलेट अब खुलता ही नहीं, तो `kosha restore FILE --replace` बैकअप वापस लाता है, और यहाँ जो है उसे पास के एक फ़ोल्डर में अलग रख देता है।
hint-damaged = `kosha check` बताता है कि कहाँ।
hint-person-needed = `--person` से किसी एक का नाम दें; `kosha persons` सबकी सूची दिखाता है।
hint-nothing-chosen = `--all`, `--kind`, `--record`, `--from` या `--to` लगाएँ।
hint-no-such-person = `kosha persons` सबकी सूची दिखाता है।
hint-no-visit = जैसे: `kosha changes --since 2024-03-05`।
hint-no-such-result = `kosha results` और `kosha results --vitals` दिखाते हैं कि क्या-क्या है।
hint-same-name = `--same-name` यही बताता है; `kosha person change P --birth-date D` यहाँ के किसी व्यक्ति की जन्म तारीख़ दर्ज करता है।
hint-owner-is-known = `--owner` यही बताता है; `kosha person change P --owner` से यह वापस हो जाता है।
hint-not-own-entry = पहले के लिए `kosha refile`, दूसरे के लिए `kosha delete`।
hint-person-stays = इसके लिए: `kosha refile ID --to P`।
hint-said-already = `--again` यही बताता है।
hint-bad-cursor = उस पन्ने का `next` जैसा है वैसा लिखें।
hint-upload-token-needed = आपको जो टोकन मिला है उसे KOSHA_RELAY_TOKEN में रखें।
next-check = `kosha check` चलाएँ।
next-anchor = वह KOSHA_ANCHOR में बताए फ़ोल्डर में है, नहीं तो वहाँ जहाँ इस कंप्यूटर पर आपके प्रोग्राम अपनी स्थिति रखते हैं।
next-accept = इसके लिए: `kosha check --accept-copy`।

## Files and the system

file-taken = इस नाम की फ़ाइल पहले से है। दूसरा नाम चुनें।
file-noFolder = इस फ़ाइल का फ़ोल्डर मौजूद नहीं है। पहले उसे बनाएँ, या दूसरा चुनें।
file-notWritable = इस फ़ाइल के फ़ोल्डर में कुछ लिखा नहीं जा सकता। दूसरा चुनें।
qr-ending = QR कोड की फ़ाइल का नाम `.png` या `.svg` पर ख़त्म होना चाहिए।
qr-notWritable = QR कोड की फ़ाइल वहाँ नहीं लिखी जा सकती।
qr-nothingShared = कुछ भी साझा नहीं किया गया।
qr-lost = रिकॉर्ड साझा हो गए हैं; लिंक ऊपर है। उसके QR कोड की तस्वीर नहीं लिखी जा सकी।
system-full = डिस्क भर गई है।
system-denied = सिस्टम ने इसकी इजाज़त नहीं दी।
system-failed = पढ़ना या लिखना नहीं हो सका।
system-noJson = नतीजा JSON में नहीं लिखा जा सका।
system-outputFull = काम हो गया, पर उसका नतीजा छापा नहीं जा सका: जहाँ वह जाता है वहाँ जगह नहीं बची। वॉलेट में जो है उस पर इसका कोई असर नहीं।
system-outputDenied = काम हो गया, पर उसका नतीजा छापा नहीं जा सका: सिस्टम ने इसकी इजाज़त नहीं दी। वॉलेट में जो है उस पर इसका कोई असर नहीं।
system-outputFailed = काम हो गया, पर उसका नतीजा छापा नहीं जा सका: सिस्टम ने लिखने से मना किया। वॉलेट में जो है उस पर इसका कोई असर नहीं।
system-noDataFolder = इस कंप्यूटर पर डेटा का कोई फ़ोल्डर तय नहीं है। `--vault` से बताएँ कि वॉलेट कहाँ है।
system-badProxy = KOSHA_PROXY में किसी प्रॉक्सी का पता नहीं है।
system-noTransport = सुरक्षित संपर्क तैयार नहीं हो सका।
system-textTooLong = यह पाठ किसी भी कोड से लंबा है।
system-notText = यह पाठ नहीं है।
system-notOpened = वॉलेट का वह हिस्सा ख़राब है जिसके बिना वह खुल नहीं सकता। कुछ भी बदला नहीं गया। `kosha restore --replace FILE` बैकअप वापस लाता है, और ख़राब वॉलेट को अलग रख देता है।

## Why a share is not permitted, a relay refuses, a link is none

errorPermit-no-purpose = बताएँ कि यह किस काम के लिए है।
errorPermit-text-too-long = मक़सद और पाने वाले का नाम, हर एक ज़्यादा से ज़्यादा 200 अक्षर का हो सकता है।
errorPermit-already-over = यह शुरू होने से पहले ही ख़त्म हो चुका होता।
errorPermit-no-view = कम से कम एक बार खोलने की इजाज़त होनी चाहिए।
errorPermit-consent = दी गई सहमति इसकी इजाज़त नहीं देती।
errorPermit-not-agreed = इसमें एक रिकॉर्ड ऐसा है जिसके लिए सहमति नहीं दी गई थी।
errorPermit-passcode = इसकी सहमति बिना पासकोड के दी गई थी।
errorRelay-bad-address = उसका पता काम में नहीं लिया जा सकता।
errorRelay-conflict = यह लिंक पहले से किसी और का है।
errorRelay-too-large = यह उससे ज़्यादा है जितना रिले लेता है। कम रिकॉर्ड चुनें।
errorRelay-refused = रिले इसे समझ नहीं पाया।
errorLink-unreadable = यह ख़राब है, अधूरा है, या किसी नए संस्करण का है।
errorLink-address = इसका पता खोला नहीं जा सकता।
errorLink-private-network = इसका पता किसी निजी नेटवर्क के अंदर का है।

## Which units are taken

entryUnits-weight = `kg` या `lb`
entryUnits-height = `cm`, `m`, `in`, या `5 ft 11 in`
entryUnits-pulse = प्रति मिनट, या कुछ नहीं
entryUnits-temperature = C या F
entryUnits-oxygen = %, या कुछ नहीं
entryUnits-sugar = `mg/dL` या `mmol/L`
