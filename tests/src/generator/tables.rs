//! The words of the invented records. Codes are those of the public code systems, names are our own wording.

/// LOINC code, name, unit, UCUM code, lowest and highest value of the range, digits after the point.
pub(super) const RESULTS: [(&str, &str, &str, &str, f64, f64, usize); 22] = [
    ("718-7", "Haemoglobin", "g/dL", "g/dL", 12.0, 15.5, 1),
    ("4548-4", "HbA1c", "%", "%", 4.0, 5.7, 1),
    ("2345-7", "Glucose", "mg/dL", "mg/dL", 70.0, 140.0, 0),
    ("1558-6", "Fasting glucose", "mg/dL", "mg/dL", 70.0, 100.0, 0),
    ("2160-0", "Creatinine", "mg/dL", "mg/dL", 0.6, 1.2, 2),
    ("3094-0", "Urea nitrogen", "mg/dL", "mg/dL", 7.0, 20.0, 1),
    ("2093-3", "Total cholesterol", "mg/dL", "mg/dL", 120.0, 200.0, 0),
    ("2571-8", "Triglycerides", "mg/dL", "mg/dL", 50.0, 150.0, 0),
    ("2085-9", "HDL cholesterol", "mg/dL", "mg/dL", 40.0, 80.0, 0),
    ("13457-7", "LDL cholesterol", "mg/dL", "mg/dL", 50.0, 100.0, 0),
    ("6690-2", "White cell count", "10*3/uL", "10*3/uL", 4.0, 11.0, 2),
    ("777-3", "Platelet count", "10*3/uL", "10*3/uL", 150.0, 410.0, 0),
    ("789-8", "Red cell count", "10*6/uL", "10*6/uL", 3.8, 5.2, 2),
    ("2951-2", "Sodium", "mmol/L", "mmol/L", 135.0, 145.0, 0),
    ("2823-3", "Potassium", "mmol/L", "mmol/L", 3.5, 5.1, 1),
    ("17861-6", "Calcium", "mg/dL", "mg/dL", 8.6, 10.3, 1),
    ("1742-6", "ALT", "U/L", "U/L", 7.0, 45.0, 0),
    ("1920-8", "AST", "U/L", "U/L", 8.0, 40.0, 0),
    ("3016-3", "Thyrotropin (TSH)", "mIU/L", "m[IU]/L", 0.4, 4.5, 3),
    ("2132-9", "Vitamin B12", "pg/mL", "pg/mL", 200.0, 900.0, 0),
    ("1989-3", "Vitamin D", "ng/mL", "ng/mL", 20.0, 60.0, 1),
    ("1988-5", "C-reactive protein", "mg/L", "mg/L", 0.0, 5.0, 1),
];

/// LOINC code, name, unit, UCUM code, lowest and highest value, digits after the point.
pub(super) const VITALS: [(&str, &str, &str, &str, f64, f64, usize); 6] = [
    ("29463-7", "Body weight", "kg", "kg", 45.0, 95.0, 1),
    ("8302-2", "Body height", "cm", "cm", 145.0, 185.0, 1),
    ("8867-4", "Heart rate", "beats/minute", "/min", 58.0, 104.0, 0),
    ("8310-5", "Body temperature", "Cel", "Cel", 36.2, 39.1, 1),
    ("2708-6", "Oxygen saturation", "%", "%", 92.0, 100.0, 0),
    ("9279-1", "Respiratory rate", "breaths/minute", "/min", 12.0, 22.0, 0),
];

/// SNOMED CT code, name, ICD-10 code.
pub(super) const CONDITIONS: [(&str, &str, &str); 14] = [
    ("38341003", "High blood pressure", "I10"),
    ("44054006", "Type 2 diabetes", "E11.9"),
    ("195967001", "Asthma", "J45.909"),
    ("13645005", "Chronic obstructive lung disease", "J44.9"),
    ("40930008", "Underactive thyroid", "E03.9"),
    ("271737000", "Anaemia", "D64.9"),
    ("444814009", "Viral sinusitis", "J01.90"),
    ("195662009", "Acute viral sore throat", "J02.9"),
    ("10509002", "Acute bronchitis", "J20.9"),
    ("239873007", "Arthritis of the knee", "M17.9"),
    ("22298006", "Heart attack", "I21.9"),
    ("38362002", "Dengue fever", "A97.9"),
    ("4556007", "Gastritis", "K29.70"),
    ("68566005", "Urinary tract infection", "N39.0"),
];

/// Code, name with strength, dosage as written.
pub(super) const MEDICINES: [(&str, &str, &str); 14] = [
    ("319283006", "Amlodipine 5 mg tablet", "1-0-0"),
    ("325278007", "Metformin 500 mg tablet", "1-0-1 after food"),
    ("320031003", "Atorvastatin 10 mg tablet", "0-0-1"),
    ("322236009", "Paracetamol 500 mg tablet", "1 tablet when needed for fever, up to 4 a day"),
    ("318853005", "Enalapril 5 mg tablet", "1 tablet once a day"),
    ("317249006", "Furosemide 40 mg tablet", "1 tablet in the morning"),
    ("320073005", "Levothyroxine 50 mcg tablet", "1 tablet before breakfast"),
    ("370166004", "Salbutamol inhaler", "2 puffs when short of breath"),
    ("27658006", "Amoxicillin 500 mg capsule", "1 capsule three times a day for 5 days"),
    ("372756006", "Warfarin 3 mg tablet", "as per INR"),
    ("387458008", "Aspirin 75 mg tablet", "0-1-0 after food"),
    ("372665008", "Omeprazole 20 mg capsule", "1 capsule before breakfast"),
    ("387207008", "Ibuprofen 400 mg tablet", "1 tablet twice a day after food for 3 days"),
    ("412556009", "Ferrous sulfate 200 mg tablet", "1 tablet at night"),
];

/// CVX code, name.
pub(super) const VACCINES: [(&str, &str); 7] = [
    ("19", "BCG"),
    ("08", "Hepatitis B vaccine"),
    ("20", "DTaP"),
    ("03", "MMR"),
    ("115", "Tdap"),
    ("140", "Influenza vaccine"),
    ("213", "COVID-19 vaccine"),
];

/// SNOMED CT code, name.
pub(super) const PROCEDURES: [(&str, &str); 7] = [
    ("29303009", "Electrocardiogram"),
    ("168537006", "Plain X-ray"),
    ("80146002", "Removal of the appendix"),
    ("73761001", "Colonoscopy"),
    ("127783003", "Spirometry"),
    ("232717009", "Coronary bypass"),
    ("54550000", "Cataract operation"),
];

/// SNOMED CT code, substance, category.
pub(super) const ALLERGIES: [(&str, &str, &str); 6] = [
    ("764146007", "Penicillin", "medication"),
    ("387406002", "Sulfonamide", "medication"),
    ("256349002", "Peanut", "food"),
    ("735029006", "Shellfish", "food"),
    ("260147004", "House dust mite", "environment"),
    ("111088007", "Latex", "environment"),
];

/// Given names.
pub(super) const GIVEN: [&str; 16] = [
    "Aarav", "Ananya", "Farida", "Gurpreet", "Ishaan", "Kavya", "Lakshmi", "Mohammed", "Nandini", "Pooja",
    "Rahul", "Saroja", "Thomas", "Usha", "Vikram", "Zoya",
];

/// Family names.
pub(super) const FAMILY: [&str; 12] = [
    "Bose", "Chauhan", "D'Souza", "Iyer", "Khan", "Kulkarni", "Menon", "Nair", "Patel", "Reddy", "Sharma",
    "Tripathi",
];

/// Places that hand out records.
pub(super) const PLACES: [&str; 10] = [
    "Banyan Tree Clinic",
    "City General Hospital",
    "Green Park Diagnostics",
    "Harbour Medical Centre",
    "Hilltop Nursing Home",
    "Lotus Eye Hospital",
    "Metro Pathology Laboratory",
    "Primary Health Centre, Ward 12",
    "Riverside Hospital",
    "Seva Trust Hospital",
];

/// What a doctor might note.
pub(super) const NOTES: [&str; 8] = [
    "Feels well. Continue the same medicines.",
    "Advised to walk half an hour a day and to cut down on salt.",
    "Sample slightly haemolysed; potassium may read high.",
    "Repeat after three months on an empty stomach.",
    "Symptoms have settled; come again if fever returns.",
    "Discussed the result with the patient and her son.",
    "Blood pressure at home has been between 120 and 130.",
    "Referred to the eye department for yearly screening.",
];
