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

## Failures

failure-prefix = kosha: { $message }
