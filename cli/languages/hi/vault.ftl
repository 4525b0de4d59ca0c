### What the commands say of the vault, of persons, of sharing and of keeping safe, in Hindi. An identifier is a section and a key.

## Times

clock-time = { $day } { $month } { $year }, { $clock } UTC
month-1 = जनवरी
month-2 = फ़रवरी
month-3 = मार्च
month-4 = अप्रैल
month-5 = मई
month-6 = जून
month-7 = जुलाई
month-8 = अगस्त
month-9 = सितंबर
month-10 = अक्टूबर
month-11 = नवंबर
month-12 = दिसंबर

## What an import brought

import-total =
    { $count ->
        [one] { $count } फ़ाइल: { $sum }
       *[other] { $count } फ़ाइलें: { $sum }
    }
import-new = { $count } नए
import-updated = { $count } में बदलाव
import-duplicate = { $count } पहले से मौजूद
import-skipped = { $count } छोड़े गए
import-refused = { $count } नहीं लिए जा सके
import-lineRefused = नहीं लिया जा सका: { $text }
import-lineSkipped = छोड़ा गया: { $text }
import-lineNote = ध्यान दें: { $text }
import-entry = प्रविष्टि { $n }: { $text }
import-more = और { $count }; पूरी सूची के लिए `--json`

## Whose records a file holds

whose-question = ये रिकॉर्ड किसके हैं? नंबर लिखें, नए व्यक्ति के लिए n, इन्हें छोड़ने के लिए l:
whose-born = जन्म { $date }
alike-same-identifier = वही पहचान संख्या
alike-same-name = वही नाम
alike-same-birth-date = वही जन्म तारीख़
alike-name-differs = नाम अलग है
alike-birth-date-differs = जन्म तारीख़ अलग है
alike-gender-differs = लिंग अलग है
alike-wished = `--person` से बताया गया
gender-female = महिला
gender-male = पुरुष
gender-other = अन्य
gender-unknown = पता नहीं

## Persons

persons-noName = (अभी कोई नाम नहीं)
persons-owner = वॉलेट के मालिक
persons-also = इनमें शामिल
relation-self = स्वयं
relation-partner = जीवनसाथी
relation-parent = माता या पिता
relation-child = बेटा या बेटी
relation-sibling = भाई या बहन
relation-grandparent = दादा-दादी या नाना-नानी
relation-grandchild = पोता-पोती या नाती-नातिन
relation-other = अन्य
filed-none = कुछ नहीं बदला गया।
filed-anew =
    { $count ->
        [one] { $count } रिकॉर्ड दूसरे व्यक्ति के नाम किया गया।
       *[other] { $count } रिकॉर्ड दूसरे व्यक्ति के नाम किए गए।
    }
filed-stayed =
    { $count ->
        [one] { $count } रिकॉर्ड जहाँ था वहीं रहा।
       *[other] { $count } रिकॉर्ड जहाँ थे वहीं रहे।
    }
filed-undo = वापस लेने के लिए: `kosha refile --undo`

## Sharing

review-heading = क्या दिखेगा
review-person = किसके रिकॉर्ड
review-about = उनके बारे में
review-more = और { $count }
review-note = ध्यान दें
review-stays = यहीं रहेगा
review-purpose = किस काम के लिए
review-for = किनके लिए
review-ends = कब तक
review-openings = कितनी बार
review-atMost = ज़्यादा से ज़्यादा { $count } बार
review-passcode = पासकोड
review-passcodeAsked = पूछा जाएगा
review-passcodeNone = नहीं: जिसके पास कोड हो, वह खोल सकता है
share-agree = क्या इसे साझा करें?
share-declined = कुछ भी साझा नहीं किया गया।
share-ends = { $time } तक चलेगा। पहले रोकने के लिए: `kosha revoke { $id }`
shares-none = अभी तक कुछ साझा नहीं किया गया।
shares-stale = रिले से संपर्क नहीं हो सका; यहाँ पिछली बार की जानकारी है।
shares-opened =
    { $count ->
        [0] नहीं खोला गया
        [1] एक बार खोला गया
       *[other] { $count } बार खोला गया
    }
shares-until = { $state }, { $time } तक
shares-for = { $name } के लिए
shares-records =
    { $count ->
        [one] { $count } रिकॉर्ड
       *[other] { $count } रिकॉर्ड
    }
shares-neverSent = वापस ले लिया गया। यह साझा रिले तक पहुँचा ही नहीं था, इसलिए रोकने के लिए कोई लिंक नहीं है।
shares-unconfirmed = दर्ज हो गया। अभी पुष्टि नहीं हुई; { $time } पर यह अपने आप बंद हो जाएगा। आगे का हर आदेश फिर कोशिश करेगा।
shares-stopped =
    { $count ->
        [0] लिंक अब नहीं खुलेगा। इसे किसी ने नहीं खोला था।
        [1] लिंक अब नहीं खुलेगा। इसे एक बार खोला गया था।
       *[other] लिंक अब नहीं खुलेगा। इसे { $count } बार खोला गया था।
    }
shareState-pending = भेजा जाना बाक़ी
shareState-active = चालू
shareState-revoking = रोकने की पुष्टि बाक़ी
shareState-revoked = रोका गया
shareState-expired = समय पूरा हुआ
shareState-failed = नहीं भेजा जा सका
shareState-used-up = जितनी बार खुल सकता था, खुल चुका

## Opening a link

view-noCheckpoint = इस साझा में भेजने वाले के लॉग का चेकपॉइंट नहीं है।
view-whoseUnsaid = किसके हैं, यह नहीं लिखा है
view-key = भेजने वाले के लॉग की कुंजी { $key }

## Watching shares

watch-unreached = एक रिले से संपर्क नहीं हो सका; उससे फिर पूछा जाएगा।
watch-following =
    { $count ->
        [0] कोई साझा चालू नहीं है।
        [1] 1 साझा पर नज़र है। Ctrl-C से बंद होगा।
       *[other] { $count } साझा पर नज़र है। Ctrl-C से बंद होगा।
    }
watch-opened = खोलने वाले: { $name } (बताया गया नाम, जाँचा नहीं गया)
watch-openedNameless = किसी ने बिना नाम बताए खोला

## Questions

prompt-passphrase = पासफ़्रेज़:
prompt-choose = अपना पासफ़्रेज़ चुनें:
prompt-new = नया पासफ़्रेज़:
prompt-again = एक बार और लिखें:
prompt-differ = दोनों पासफ़्रेज़ एक जैसे नहीं हैं।
prompt-passcodeNew = डॉक्टर के लिए पासकोड:
prompt-passcodesDiffer = दोनों पासकोड एक जैसे नहीं हैं।
prompt-passcode = पासकोड:
prompt-recovery = वॉलेट वापस खोलने वाले 24 शब्द, एक ही पंक्ति में:
prompt-yesNo = { $question } [हाँ: y / नहीं: N]
prompt-noTerminalNew = नया पासफ़्रेज़ पूछने के लिए कोई टर्मिनल नहीं है। उसे KOSHA_NEW_PASSPHRASE में रखें। कुछ भी बदला नहीं गया।
prompt-noTerminalRecovery = वापस खोलने वाले शब्द चाहिए, और पूछने के लिए कोई टर्मिनल नहीं है। उन्हें KOSHA_RECOVERY में रखें।
prompt-noTerminalPasscodeNew = पासकोड पूछने के लिए कोई टर्मिनल नहीं है। डॉक्टर से जो पासकोड पूछा जाएगा, उसे KOSHA_PASSCODE में रखें। कुछ भी साझा नहीं किया गया।
prompt-noTerminalPasscode = यह लिंक पासकोड माँगता है, और पूछने के लिए कोई टर्मिनल नहीं है। उसे KOSHA_PASSCODE में रखें।
prompt-noTerminalAgree = पूछने के लिए कोई टर्मिनल नहीं है। पहले से सहमति देने के लिए `--yes` जोड़ें।
prompt-noTerminalPassphrase = पासफ़्रेज़ चाहिए, और पूछने के लिए कोई टर्मिनल नहीं है। उसे KOSHA_PASSPHRASE में रखें।

## A new vault

init-ready = आपका वॉलेट तैयार है: { $folder }
init-passphrase = पासफ़्रेज़ के बिना इसे कोई नहीं खोल सकता: न इसे बनाने वाले, न कोई और।
init-next = अगला क़दम: `kosha recovery` से 24 शब्द बनते हैं, जिन्हें काग़ज़ पर लिखकर रखें। पासफ़्रेज़ याद न रहे, तो वॉलेट सिर्फ़ इन्हीं से खुलेगा।

## Checking and the log

check-accepted = अब इन्हीं रिकॉर्ड को सही माना जाएगा। लॉग में यह दर्ज है।
check-sound = सभी { $count } रिकॉर्ड, उनकी मुहरें, उनकी पूरी सूची और लॉग ठीक हैं।
check-otherCopy = फिर भी ये वे रिकॉर्ड नहीं हैं जो पिछली बार यहाँ थे: चेतावनी देखें।
check-problems = मिली समस्याएँ: { $count }
history-none = अभी तक कुछ नहीं हुआ है।
history-stale = रिले से संपर्क नहीं हो सका; हो सकता है कि हाल में खोले जाने की जानकारी यहाँ न हो।

## Events of the log

event-import = फ़ाइलें लाई गईं
event-consent-granted = साझा की सहमति
event-released = साझा के लिए निकला
event-delivered = रिले तक पहुँचा
event-not-delivered = नहीं पहुँचा
event-viewed = खोला गया
event-consent-withdrawn = साझा रोका गया
event-revocation-confirmed = रोकना पक्का हुआ
event-copy-accepted = प्रति मानी गई
event-deleted = मिटाया गया
event-keys-replaced = नई कुंजियाँ
event-passphrase = पासफ़्रेज़
event-recovery-words = वापसी के शब्द
event-device-key = डिवाइस की कुंजी
event-attached = फ़ाइल जोड़ी गई
event-entry-added = लिखा गया
event-entry-corrected = सुधारा गया
event-entry-removed = हटाया गया
event-refiled = दूसरे के नाम किया
event-refiling-undone = नाम वापस किया
event-person-added = व्यक्ति जोड़ा गया
event-person-renamed = नाम बदला गया
event-person-changed = जानकारी बदली गई
event-owner-changed = मालिक बदले गए
event-persons-merged = व्यक्ति मिलाए गए
event-persons-unmerged = मिलाना वापस लिया
event-emergency-card-on = आपात कार्ड चालू
event-emergency-card-off = आपात कार्ड बंद
event-told-apart = अलग-अलग माना गया
event-told-apart-undone = फिर एक माना गया
event-backup = बैकअप
event-restored = वापस लाया गया
event-exported = बाहर लिखा गया

## Proofs of the log

proof-whereTo = प्रमाण कहाँ लिखना है, `--out` से बताएँ।
proof-written = { $size } में से { $count } प्रविष्टियाँ, प्रमाण सहित, यहाँ हैं: { $file }
proof-readable = जिसके पास यह फ़ाइल होगी, वह ये प्रविष्टियाँ पढ़ सकेगा: किस काम के लिए, किसके लिए और कब।
proof-key = लॉग की कुंजी { $key }
proof-noFile = ऐसी कोई फ़ाइल नहीं है।
proof-holds = यह साबित होता है
proof-unknown = यह साबित नहीं हो सकता
proof-keyNotCompared = लॉग की कुंजी (मिलाई नहीं गई): { $key }
proof-keyCompared = लॉग की कुंजी (मिलाई गई): { $key }

## Ways to open the vault

recovery-noTerminal = शब्द दिखाने के लिए कोई टर्मिनल नहीं है। उन्हें सीधे आउटपुट में छापने के लिए `--yes` जोड़ें।
recovery-made = अब से ये 24 शब्द इस वॉलेट को खोलेंगे। ये सिर्फ़ आपके काग़ज़ पर हैं, और कहीं नहीं रखे गए।
recovery-use = इनसे खोलने के लिए: `kosha --recovery COMMAND`
recovery-write = ये 24 शब्द इसी क्रम में काग़ज़ पर लिख लें। ये एक ही बार दिखाए जाते हैं और कहीं नहीं रखे जाते।
recovery-whoever = जिसके पास ये शब्द और वॉलेट की प्रति हो, वह उसे पढ़ सकता है। जब तक आप इनमें से तीन शब्द वापस नहीं लिखते, ये कुछ नहीं खोलते।
recovery-enter = लिख लेने के बाद `Enter` दबाएँ।
recovery-word = शब्द { $n }:
recovery-wrongWord = उस जगह पर दूसरा शब्द है। कुछ भी बदला नहीं गया, और ये शब्द कुछ नहीं खोलते: `kosha recovery` फिर से चलाएँ।
ways-yes = हाँ
ways-no = नहीं
ways-passphrase = पासफ़्रेज़
ways-recovery = वापस खोलने वाले शब्द
ways-device = इस डिवाइस की कुंजी
recovery-removeAgree = क्या वापस खोलने वाले शब्द हटाएँ? फिर उनसे इस वॉलेट की कोई नई प्रति नहीं खुलेगी।
recovery-declined = कुछ भी बदला नहीं गया।
recovery-removed = वे शब्द अब इस वॉलेट को नहीं खोलते। इसकी पुरानी प्रति उनसे अब भी खुलती है।
rotate-passphrase = पासफ़्रेज़ बदल गया। वॉलेट की पुरानी प्रति पुराने पासफ़्रेज़ से अब भी खुलती है।
rotate-damaged = वॉलेट में ख़राबी है, इसलिए उसे नई कुंजियाँ नहीं दी जा सकीं। `kosha check` बताएगा कि कहाँ।
rotate-done = पूरे वॉलेट को नई कुंजियाँ मिल गई हैं।
rotate-notCleared = सिस्टम ने अभी सारा पुराना डेटा मिटाने नहीं दिया। वॉलेट अगली बार खुलने पर यह हो जाएगा।
rotate-oldKeys = डिवाइस ने अपनी पुरानी कुंजी अभी नहीं मिटाई है। हर बार वॉलेट खुलने पर उससे फिर कहा जाएगा।
rotate-otherDevices = किसी और डिवाइस के पास इस वॉलेट की कुंजी है; उस डिवाइस पर वह पुरानी प्रतियाँ खोल सकती है।

## Deleting

delete-agree = क्या इसे हमेशा के लिए मिटा दें?
delete-declined = कुछ भी नहीं मिटाया गया।
delete-done =
    { $count ->
        [one] { $count } रिकॉर्ड मिटाया गया।
       *[other] { $count } रिकॉर्ड मिटाए गए।
    }
delete-goes = यह हमेशा के लिए मिट जाएगा:
delete-noDate = तारीख़ नहीं
delete-versions =
    { $count ->
        [one] साथ में { $count } पुराना रूप
       *[other] साथ में { $count } पुराने रूप
    }
delete-attachments =
    { $count ->
        [one] { $count } संलग्न फ़ाइल, { $bytes } बाइट
       *[other] { $count } संलग्न फ़ाइलें, { $bytes } बाइट
    }
delete-filesGone = ये फ़ाइलें भी मिटेंगी, क्योंकि इनमें और कुछ नहीं था:
delete-filesOpened = ये फ़ाइलें अब वैसी नहीं रखी जाएँगी जैसी आई थीं (इनके जो हिस्से रिकॉर्ड नहीं थे, वे मिटेंगे; इनके बाक़ी रिकॉर्ड रहेंगे):
delete-notReached = मिटाने का असर इन पर नहीं होगा:
delete-nobody = किसी का नाम नहीं
delete-share = साझा { $id }: { $time }, किनके लिए: { $name }, { $state }, { $opened }

## Exporting

export-plain = सब कुछ बिना ताले के लिखा जाता है: जो इस फ़ोल्डर को खोल सके, वह सब पढ़ सकता है, और Kosha इसे वापस नहीं ले सकता।
export-agree = क्या लिख दें?
export-declined = कुछ भी नहीं लिखा गया।
export-written = रिकॉर्ड: { $records }, लोग: { $persons }, जैसी आई थीं वैसी फ़ाइलें: { $documents }, समूहों में रिकॉर्ड: { $bundled }, संलग्न फ़ाइलें: { $attachments }।
export-open = उसमें `index.html` को किसी भी ब्राउज़र से खोलें।
export-unreadable = पढ़े नहीं जा सके: { $count }

## Attaching

attached-new = { $title } ({ $type }, { $bytes } बाइट)
attached-known = { $title } ({ $type }, { $bytes } बाइट, पहले से मौजूद)
attached-updated = { $title } ({ $type }, { $bytes } बाइट, पहले से मौजूद, विवरण बदला गया)
attached-putBack = { $title } ({ $type }, { $bytes } बाइट, ख़राब थी, अब फिर ठीक है)

## Backups

backup-new = नया बैकअप बन गया।
backup-added = जो नया था, बैकअप में जोड़ दिया गया।
backup-otherKeys = वॉलेट की कुंजियाँ यहाँ रखे बैकअप से अलग हैं। उसकी जगह नया बैकअप बनाया गया।
backup-otherSecrets = वॉलेट का पासफ़्रेज़ या शब्द यहाँ रखे बैकअप से अलग हैं। उसकी जगह नया बैकअप बनाया गया।
backup-replaced = यहाँ रखे बैकअप की जगह नया बैकअप बनाया गया।
backup-newInIt = इसमें नया: रिकॉर्ड { $records }, फ़ाइलें { $files }, संलग्न फ़ाइलें { $attachments }, लॉग की प्रविष्टियाँ { $log }; लिखा गया { $size }
backup-damaged =
    { $count ->
        [one] { $count } संलग्न फ़ाइल ख़राब है, वॉलेट में और अब बैकअप में भी। उसे फिर से जोड़ें, फिर `--full` के साथ बैकअप दोबारा बनाएँ।
       *[other] { $count } संलग्न फ़ाइलें ख़राब हैं, वॉलेट में और अब बैकअप में भी। उन्हें फिर से जोड़ें, फिर `--full` के साथ बैकअप दोबारा बनाएँ।
    }
backup-opens = यह वॉलेट के पासफ़्रेज़ या वापस खोलने वाले शब्दों से ही खुलता है, और किसी चीज़ से नहीं।
backup-holds = इसमें { $time } तक के रिकॉर्ड हैं: { $records }, और संलग्न फ़ाइलें: { $attachments }; कुल { $size }
backup-bytes = { $count } बाइट
backup-whole = बैकअप पूरा और ठीक है: हर मुहर, पूरी सूची, फ़ाइलें और लॉग।
restore-removed = पहले अलग रखे गए वॉलेट, जो अब हटा दिए गए: { $count }
restore-which = बताएँ कि कौन-सा बैकअप।
restore-done = आपका वॉलेट वापस आ गया: { $folder }
restore-aside = जो वॉलेट यहाँ था, वह अब यहाँ है: { $folder }
restore-discard = `kosha restore --discard-old` उसे हटा देता है।
restore-damaged = इसमें ख़राब: { $count }
backup-nextFull = इसमें कुछ नहीं जोड़ा गया। `kosha backup FILE --full` पूरा नया बैकअप बनाता है, और तभी उसे इसकी जगह रखता है।
backup-nextOther = तब तक बैकअप के लिए दूसरी फ़ाइल चुनें।
backup-nextGoOn = वॉलेट मौजूद हो, तो `kosha backup FILE` इसे पूरा कर देगा। वॉलेट न हो, तो `kosha restore FILE --last-whole` वह वापस लाएगा जो पूरा है।
backup-nextAnew = वॉलेट मौजूद हो, तो `kosha backup FILE --full` पूरा नया बैकअप बनाएगा। वॉलेट न हो, तो `kosha restore FILE --last-whole` वह वापस लाएगा जो पूरा है।
backup-nextCopy = वॉलेट मौजूद हो, तो `kosha backup FILE --full` पूरा नया बैकअप बनाएगा। वॉलेट न हो, तो बैकअप की दूसरी प्रति लें; `kosha restore FILE --last-whole` ख़राबी से पहले की आख़िरी पूरी स्थिति वापस लाता है, अगर कोई हो।
restore-nextReadable = `kosha restore FILE --damaged` जो पढ़ा जा सके उसे लाता है, और बाक़ी के नाम बताता है।
backup-nextScratch = TMPDIR में ऐसा फ़ोल्डर बताएँ जिसमें बैकअप जितनी जगह हो।
backup-nextRoom = जाँच के लिए अस्थायी फ़ाइलों के फ़ोल्डर में बैकअप जितनी जगह चाहिए; TMPDIR से दूसरा फ़ोल्डर बताया जा सकता है।
restore-nextLastWhole = `kosha restore FILE --last-whole` उसे ले आता है।
restore-nextCopy = बैकअप की दूसरी प्रति हो, तो वह लें। नहीं तो `kosha restore FILE --last-whole` ख़राबी से पहले की आख़िरी पूरी स्थिति वापस लाता है, अगर कोई हो।
restore-nextNone = इसमें कोई भी स्थिति पूरी नहीं है। बैकअप की दूसरी प्रति लें।

## Failures

failure-prefix = kosha: { $message }
