// Records written for these tests: one invented patient with a few years of care at three hospitals, as a share of Kosha holds them.

const LOINC = "http://loinc.org";
const SCT = "http://snomed.info/sct";
const UCUM = "http://unitsofmeasure.org";
const CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical";
const VERIFIED = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
const ALLERGY = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
const CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category";
const INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";

const concept = (system, code, display, text) => ({ coding: [{ system, code, display }], ...(text ? { text } : {}) });
const amount = (value, unit, code = unit) => ({ value, unit, system: UCUM, code });
const subject = { reference: "urn:uuid:patient" };

/** A PDF of one empty page, and a PNG of one pixel. */
export const PDF = Buffer.from(
  "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n",
);
export const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==", "base64");

const patient = {
  resourceType: "Patient",
  id: "patient",
  name: [{ use: "official", text: "Asha Verma", family: "Verma", given: ["Asha"] }],
  gender: "female",
  birthDate: "1968-03-12",
  identifier: [{ type: { text: "Hospital number" }, value: "KCH-204-881" }],
};

const allergies = [
  {
    resourceType: "AllergyIntolerance", id: "a1", patient: subject, type: "allergy", criticality: "high", clinicalStatus: concept(ALLERGY, "active", "Active"), verificationStatus: concept("http://terminology.hl7.org/CodeSystem/allergyintolerance-verification", "confirmed", "Confirmed"),
    code: concept(SCT, "373270004", "Penicillin", "Penicillin"), recordedDate: "2016-07-04", reaction: [{ manifestation: [concept(SCT, "39579001", "Anaphylaxis")], severity: "severe" }],
  },
  { resourceType: "AllergyIntolerance", id: "a2", patient: subject, type: "intolerance", clinicalStatus: concept(ALLERGY, "active", "Active"), code: concept(SCT, "387494007", "Codeine"), recordedDate: "2019-02-11", reaction: [{ manifestation: [concept(SCT, "422587007", "Nausea")], severity: "mild" }] },
];

const medicine = (id, name, dose, date, extra = {}) => ({
  resourceType: "MedicationRequest", id, subject, status: "active", intent: "order", medicationCodeableConcept: { text: name, coding: [{ system: "http://www.nlm.nih.gov/research/umls/rxnorm", code: `rx${id}`, display: name }] },
  authoredOn: date, ...(dose ? { dosageInstruction: [dose] } : {}), requester: { display: "Dr Meera Nair" }, ...extra,
});

const medicines = [
  medicine("m1", "Metformin 500 mg tablet", { text: "1-0-1" }, "2026-08-03", { reasonCode: [{ text: "Type 2 diabetes" }] }),
  medicine("m2", "Telmisartan 40 mg tablet", { doseAndRate: [{ doseQuantity: { value: 1, unit: "tablet" } }], timing: { repeat: { frequency: 1, period: 1, periodUnit: "d", when: ["MORN"] } } }, "2026-08-03"),
  medicine("m3", "Atorvastatin 10 mg tablet", { text: "One tablet at bedtime" }, "2026-02-14"),
  medicine("m4", "Levothyroxine 50 mcg tablet", { text: "One tablet on an empty stomach", patientInstruction: "Half an hour before breakfast" }, "2025-11-20"),
  medicine("m5", "Salbutamol inhaler 100 mcg", { asNeededCodeableConcept: { text: "wheezing" }, doseAndRate: [{ doseRange: { low: { value: 1, unit: "puff" }, high: { value: 2, unit: "puff" } } }] }, "2024-12-02"),
  medicine("m6", "Vitamin D3 60,000 IU sachet", null, "2026-08-03"),
  medicine("m7", "Ibuprofen 400 mg tablet", { text: "for pain" }, "2026-08-03", { doNotPerform: true }),
  medicine("m8", "Glimepiride 1 mg tablet", { text: "1-0-0" }, "2022-05-10", { status: "stopped" }),
];

const condition = (id, name, clinical, onset, extra = {}) => ({ resourceType: "Condition", id, subject, clinicalStatus: concept(CLINICAL, clinical, clinical), verificationStatus: concept(VERIFIED, "confirmed", "Confirmed"), code: { text: name, coding: [{ system: SCT, code: `sct${id}`, display: name }] }, onsetDateTime: onset, ...extra });

const problems = [
  condition("c1", "Type 2 diabetes mellitus", "active", "2014"),
  condition("c2", "Essential hypertension", "active", "2017-05"),
  condition("c3", "Hypothyroidism", "active", "2019-09-18"),
  condition("c4", "Mild intermittent asthma", "active", "2009"),
  condition("c5", "Community acquired pneumonia", "resolved", "2021-01-08", { abatementDateTime: "2021-02-01" }),
  condition("c6", "Coronary artery disease", "active", "2023-03-02", { verificationStatus: concept(VERIFIED, "refuted", "Refuted") }),
];

const result = (id, code, name, value, date, { unit, range, flag, category = "laboratory", status = "final", ...extra } = {}) => ({
  resourceType: "Observation", id, subject, status, category: [concept(CATEGORY, category, category)], code: concept(LOINC, code, name), effectiveDateTime: date,
  ...(typeof value === "number" ? { valueQuantity: amount(value, unit) } : value ? { valueCodeableConcept: { text: value } } : {}),
  ...(range ? { referenceRange: [{ ...(range[0] === null ? {} : { low: amount(range[0], unit) }), ...(range[1] === null ? {} : { high: amount(range[1], unit) }) }] } : {}),
  ...(flag ? { interpretation: [concept(INTERPRETATION, flag, flag)] } : {}), ...extra,
});

const hba1c = [["2022-01-12", 8.9], ["2022-07-20", 8.1], ["2023-02-03", 7.6], ["2023-09-14", 7.2], ["2024-05-22", 7.4], ["2025-03-11", 6.9], ["2026-02-10", 7.8], ["2026-08-01", 8.2]];
const creatinine = [["2023-02-03", 0.9], ["2024-05-22", 1.0], ["2025-03-11", 1.1], ["2026-08-01", 1.3]];

const results = [
  ...hba1c.map(([date, value], i) => result(`r-a1c-${i}`, "4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", value, date, { unit: "%", range: [null, 5.7], flag: value > 5.7 ? "H" : "N" })),
  ...creatinine.map(([date, value], i) => result(`r-cr-${i}`, "2160-0", "Creatinine [Mass/volume] in Serum or Plasma", value, date, { unit: "mg/dL", range: [0.6, 1.1] })),
  result("r-k", "2823-3", "Potassium [Moles/volume] in Serum or Plasma", 6.1, "2026-08-01T07:50:00+05:30", { unit: "mmol/L", range: [3.5, 5.1], flag: "HH" }),
  result("r-hb", "718-7", "Hemoglobin [Mass/volume] in Blood", 11.2, "2026-08-01", { unit: "g/dL", range: [12, 15.5], flag: "L" }),
  result("r-ldl", "13457-7", "Cholesterol in LDL [Mass/volume] in Serum or Plasma by calculation", 96, "2026-08-01", { unit: "mg/dL", range: [null, 100] }),
  result("r-tsh", "3016-3", "Thyrotropin", 3.1, "2026-02-10", { unit: "m[IU]/L", range: [0.4, 4.2] }),
  result("r-hcv", "16128-1", "Hepatitis C virus Ab", "Not detected", "2025-03-11", { flag: "ND" }),
];

const pressure = (id, systolic, diastolic, date) => ({
  resourceType: "Observation", id, subject, status: "final", category: [concept(CATEGORY, "vital-signs", "Vital signs")], code: concept(LOINC, "85354-9", "Blood pressure panel"), effectiveDateTime: date,
  component: [
    { code: concept(LOINC, "8480-6", "Systolic blood pressure"), valueQuantity: amount(systolic, "mmHg", "mm[Hg]") },
    { code: concept(LOINC, "8462-4", "Diastolic blood pressure"), valueQuantity: amount(diastolic, "mmHg", "mm[Hg]") },
  ],
});

const vitals = [
  pressure("v-bp-0", 158, 96, "2024-05-22T10:05:00+05:30"), pressure("v-bp-1", 146, 90, "2025-03-11T09:40:00+05:30"), pressure("v-bp-2", 138, 86, "2026-02-10T11:20:00+05:30"), pressure("v-bp-3", 142, 88, "2026-08-03T10:15:00+05:30"),
  result("v-hr", "8867-4", "Heart rate", 78, "2026-08-03T10:15:00+05:30", { unit: "/min", category: "vital-signs" }),
  result("v-wt-0", "29463-7", "Body weight", 71.4, "2025-03-11", { unit: "kg", category: "vital-signs" }), result("v-wt-1", "29463-7", "Body weight", 73.0, "2026-08-03", { unit: "kg", category: "vital-signs" }),
  result("v-sp", "59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry", 97, "2026-08-03T10:15:00+05:30", { unit: "%", category: "vital-signs" }),
];

const others = [
  { resourceType: "Immunization", id: "i1", status: "completed", patient: subject, vaccineCode: { text: "Influenza vaccine, inactivated" }, occurrenceDateTime: "2025-10-02", protocolApplied: [{ doseNumberPositiveInt: 1 }], lotNumber: "FL-2231" },
  { resourceType: "Immunization", id: "i2", status: "completed", patient: subject, vaccineCode: { text: "COVID-19 vaccine (Covishield)" }, occurrenceDateTime: "2021-06-21", protocolApplied: [{ doseNumberPositiveInt: 2, seriesDosesPositiveInt: 2 }] },
  { resourceType: "Immunization", id: "i3", status: "not-done", patient: subject, vaccineCode: { text: "Pneumococcal vaccine" }, occurrenceDateTime: "2025-10-02", statusReason: { text: "Patient declined" } },
  { resourceType: "Procedure", id: "p1", status: "completed", subject, code: concept(SCT, "80146002", "Appendectomy", "Appendicectomy"), performedDateTime: "1996-11" },
  { resourceType: "Procedure", id: "p2", status: "not-done", subject, code: { text: "Coronary angiography" }, performedDateTime: "2023-03-02" },
  { resourceType: "Encounter", id: "e1", status: "finished", class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "AMB" }, subject, type: [{ text: "Diabetes review" }], period: { start: "2026-08-03T10:00:00+05:30", end: "2026-08-03T10:35:00+05:30" }, serviceProvider: { reference: "urn:uuid:org-1" } },
  { resourceType: "Encounter", id: "e2", status: "finished", class: { code: "IMP" }, subject, type: [{ text: "Pneumonia" }], period: { start: "2021-01-08", end: "2021-01-14" }, serviceProvider: { reference: "urn:uuid:org-2" } },
  { resourceType: "DiagnosticReport", id: "d1", status: "final", category: [{ coding: [{ code: "LAB" }] }], code: { text: "Diabetes and kidney profile" }, subject, effectiveDateTime: "2026-08-01", result: ["r-a1c-7", "r-cr-3", "r-k", "r-hb", "r-ldl"].map((id) => ({ reference: `urn:uuid:${id}` })), presentedForm: [{ contentType: "application/pdf", title: "Report.pdf", data: PDF.toString("base64") }] },
  { resourceType: "DocumentReference", id: "d2", status: "current", description: "Eye examination, both eyes", subject, date: "2025-09-09T12:00:00+05:30", content: [{ attachment: { contentType: "image/png", title: "Retina, left", data: PNG.toString("base64") } }] },
  { resourceType: "CarePlan", id: "o1", status: "active", intent: "plan", subject, title: "Diabetes care plan", period: { start: "2026-08-03" } },
  { resourceType: "FamilyMemberHistory", id: "o2", status: "completed", patient: subject, relationship: { text: "Mother" }, condition: [{ code: { text: "Type 2 diabetes" } }] },
];

const organizations = [
  { resourceType: "Organization", id: "org-1", name: "Kaveri City Hospital" },
  { resourceType: "Organization", id: "org-2", name: "Sanjeevani Medical College" },
];

/** Which source an entry came from. */
const sourceOf = (resource) => (/^(a2|c5|e2|i2|p1)$/.test(resource.id) ? 1 : /^(r-|d1)/.test(resource.id) ? 2 : 0);
const SOURCES = ["Kaveri City Hospital", "Sanjeevani Medical College", "Lifeline Diagnostics"];

const entry = (resource) => ({ fullUrl: `urn:uuid:${resource.id}`, resource });

const provenances = (resources) =>
  SOURCES.map((display, i) => ({
    resourceType: "Provenance", id: `prov-${i}`, target: resources.filter((resource) => sourceOf(resource) === i).map(({ id }) => ({ reference: `urn:uuid:${id}` })), recorded: "2026-11-20T09:00:00Z", agent: [{ type: { coding: [{ code: "author" }] }, who: { display } }],
  }));

const seal = { extension: [{ url: "urn:kosha:log-checkpoint", valueString: "kosha.log/7f3a\n41\nq0Yk2J8lq2cV5o1n7m3s0Q==\n" }, { url: "urn:kosha:log-key", valueString: "SHA256:2f5c9a7be1" }] };

const reason = (code, text) => ({ coding: [{ system: "http://terminology.hl7.org/CodeSystem/list-empty-reason", code }], text });

/** A document as `kosha share` makes it: sections, sources, seal. `empty` maps section codes to a reason and leaves their entries out. */
export function summary({ empty = {} } = {}) {
  const groups = [["11450-4", "Problems", problems], ["48765-2", "Allergies", allergies], ["10160-0", "Medicines", medicines], ["30954-2", "Results", results], ["8716-3", "Vital signs", vitals], ["11369-6", "Immunisations", others.filter(({ resourceType }) => resourceType === "Immunization")]];
  const sections = groups.map(([code, title, members]) => ({ title, code: concept(LOINC, code, title), ...(empty[code] ? { emptyReason: reason(empty[code], "A plain sentence.") } : { entry: members.map(({ id }) => ({ reference: `urn:uuid:${id}` })) }) }));
  const left = groups.filter(([code]) => !empty[code]).flatMap(([, , members]) => members);
  const resources = [...left, ...others.filter(({ resourceType }) => resourceType !== "Immunization")];
  const composition = { resourceType: "Composition", id: "composition", status: "final", type: concept(LOINC, "60591-5", "Patient summary Document"), subject, date: "2026-11-22T10:15:00+05:30", author: [{ reference: "urn:uuid:patient" }], title: "Patient summary", section: sections };
  return { resourceType: "Bundle", type: "document", identifier: { system: "urn:ietf:rfc:3986", value: "urn:uuid:b" }, timestamp: "2026-11-22T10:15:00+05:30", meta: seal, entry: [composition, patient, ...resources, ...organizations, ...provenances(resources)].map(entry) };
}

/** A collection as a clinic asks for it (flag U), with `List` resources where a section is absent. */
export function collection(empty = { "48765-2": "nilknown", "10160-0": "withheld", "11450-4": "unavailable" }) {
  const lists = Object.entries(empty).map(([code, why]) => ({ resourceType: "List", id: `list-${code}`, status: "current", mode: "snapshot", code: concept(LOINC, code, code), emptyReason: reason(why, "A plain sentence.") }));
  return { resourceType: "Bundle", type: "collection", timestamp: "2026-11-22T10:15:00+05:30", entry: [patient, ...lists, ...results].map(entry) };
}

const SCRIPT = '<img src="x" onerror="globalThis.hit=1"><script>globalThis.hit=1</script>';

/** Everything that could try to be more than text. */
export function hostile() {
  const text = `${SCRIPT}\u202etxt.exe\u0000\u0007`;
  const entries = [
    { ...patient, name: [{ text }], gender: SCRIPT, birthDate: "not a date", identifier: [{ type: { text }, value: text }] },
    condition("h1", text, "active", "2020"),
    condition("h2", "javascript:globalThis.hit=1", "active", "javascript:globalThis.hit=1"),
    { ...condition("h3", "constructor", "active", "2020"), code: { coding: [{ system: "__proto__", code: "constructor", display: "toString" }] }, category: [{ coding: [{ code: "hasOwnProperty" }] }] },
    condition("h4", "x".repeat(400_000), "active", "2020"),
    condition("h5", "A\u0301".repeat(5_000), "active", "2020"),
    { resourceType: "__proto__", id: "h6", code: { text: "prototype" } },
    { resourceType: "constructor", id: "h7" },
    { resourceType: "Observation", id: "h8", status: "toString", code: { coding: [{ system: "http://loinc.org", code: "valueOf" }] }, valueQuantity: { value: "1e999", unit: "__proto__" }, interpretation: [{ coding: [{ code: "constructor" }] }], referenceRange: [{ low: null, high: [] }] },
    { resourceType: "Observation", id: "h9", status: "final", code: { text: "Cycle" }, hasMember: [{ reference: "urn:uuid:h9" }], component: [null, 5, "x", []] },
    { resourceType: "Condition", id: "h10", code: 5, clinicalStatus: [[]], onsetPeriod: "x", note: [{ text }], text: { div: `<div><iframe src="http://evil.example/"></iframe>${SCRIPT}words</div>` } },
    { resourceType: "DocumentReference", id: "h11", status: "current", description: "A page that claims to be a PDF", content: [{ attachment: { contentType: "application/pdf", title: text, data: Buffer.from(`<html>${SCRIPT}</html>`).toString("base64") } }] },
    { resourceType: "DocumentReference", id: "h12", status: "current", description: "A picture that is markup", content: [{ attachment: { contentType: "image/svg+xml", data: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" onload="globalThis.hit=1"/>`).toString("base64") } }, { attachment: { contentType: "text/html", data: Buffer.from(SCRIPT).toString("base64") } }, { attachment: { contentType: "application/pdf", url: "http://evil.example/x.pdf" } }, { attachment: { contentType: "image/png", data: "%%%not base64%%%" } }] },
    { resourceType: "DocumentReference", id: "h13", status: "current", description: "A plain text", content: [{ attachment: { contentType: "text/plain", data: Buffer.from("hello").toString("base64") } }, { attachment: { contentType: "image/jpeg", title: "lies, but a PNG", data: PNG.toString("base64") } }] },
    { resourceType: "Binary", id: "h14", contentType: "application/x-msdownload", data: Buffer.from("MZ....").toString("base64") },
    { resourceType: "AllergyIntolerance", id: "h15", code: { text: "Refuted allergy" }, verificationStatus: concept("http://terminology.hl7.org/CodeSystem/allergyintolerance-verification", "refuted", "Refuted") },
  ];
  const bundle = { resourceType: "Bundle", type: "collection", entry: [...entries.map(entry), null, 7, { resource: "x" }, { fullUrl: {}, resource: { resourceType: 5 } }] };
  // A literal would set the prototype; as text it becomes a member of that name.
  return JSON.stringify(bundle).replace('"resourceType":"Bundle"', '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"resourceType":"Bundle"');
}
