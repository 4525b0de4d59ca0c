### Words of vaccination schedules in Hindi.

## Vaccines

vaccines-bcg = बीसीजी (टीबी से बचाव)
vaccines-opv = पोलियो की बूँदें
vaccines-ipv = पोलियो का इंजेक्शन
vaccines-hepb = हेपेटाइटिस बी
vaccines-dtp = डिप्थीरिया (गलघोंटू), टिटनेस, काली खाँसी
vaccines-td = टिटनेस, डिप्थीरिया (Td)
vaccines-rota = रोटावायरस
vaccines-pcv = न्यूमोकोकल (कॉन्जुगेट)
vaccines-ppsv = न्यूमोकोकल
vaccines-mr = ख़सरा, रूबेला
vaccines-je = जापानी इंसेफ़ेलाइटिस (दिमाग़ी बुख़ार)
vaccines-vita = विटामिन ए
vaccines-flu = इन्फ़्लुएंज़ा (फ़्लू)
vaccines-zoster = शिंगल्स (ज़ोस्टर)
vaccines-covid = कोविड-19

## Which dose

doses-at-birth = जन्म के समय
doses-6-weeks = 6 हफ़्ते की उम्र में
doses-10-weeks = 10 हफ़्ते की उम्र में
doses-14-weeks = 14 हफ़्ते की उम्र में
doses-booster = बूस्टर
doses-6-weeks-pentavalent = 6 हफ़्ते की उम्र में (पेंटावैलेंट)
doses-10-weeks-pentavalent = 10 हफ़्ते की उम्र में (पेंटावैलेंट)
doses-14-weeks-pentavalent = 14 हफ़्ते की उम्र में (पेंटावैलेंट)
doses-booster-1-dpt = पहला बूस्टर (डीपीटी)
doses-booster-2-dpt = दूसरा बूस्टर (डीपीटी)
doses-9-months = 9 महीने की उम्र में
doses-16-to-24-months = 16 से 24 महीने की उम्र में
doses-dose-1 = पहली ख़ुराक
doses-dose-2 = दूसरी ख़ुराक
doses-dose-3 = तीसरी ख़ुराक
doses-dose-4 = चौथी ख़ुराक
doses-dose-5 = पाँचवीं ख़ुराक
doses-dose-6 = छठी ख़ुराक
doses-dose-7 = सातवीं ख़ुराक
doses-dose-8 = आठवीं ख़ुराक
doses-dose-9 = नौवीं ख़ुराक
doses-10-years = 10 साल की उम्र में
doses-16-years = 16 साल की उम्र में
doses-early-in-pregnancy = गर्भ के शुरू में
doses-4-weeks-later = उसके 4 हफ़्ते बाद
doses-every-10-years = हर 10 साल में
doses-every-year = हर साल
doses-from-65-years = 65 साल की उम्र से

## Under which condition a dose is given

conditions-endemic-district = सिर्फ़ उन ज़िलों में जहाँ यह बीमारी ज़्यादा होती है
conditions-pregnancy = सिर्फ़ गर्भ के समय

## The schedules

sources-uip = राष्ट्रीय टीकाकरण तालिका, सार्वभौमिक टीकाकरण कार्यक्रम, स्वास्थ्य एवं परिवार कल्याण मंत्रालय, भारत सरकार
sources-adult = बड़ों का टीकाकरण: एसोसिएशन ऑफ़ फ़िज़िशियंस ऑफ़ इंडिया; विश्व स्वास्थ्य संगठन के परामर्श पत्र
