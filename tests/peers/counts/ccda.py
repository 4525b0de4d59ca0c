"""Counts what C-CDA documents say of a patient, with the parser `lxml`.

Usage: ccda.py FILE...  One line for each file: a JSON object of counts, or {"refused": true} where it is no clinical document.

The rules are those of CDA Release 2 and of the templates of Consolidated CDA R2.1 (and of R1.1 and CCD, whose numbers differ), and are
written without a look at what is counted against them. An entry counts where it is about the patient, of mood EVN unless said otherwise,
without nullFlavor on itself, and not withdrawn (`nullified`):

allergies      Allergy - Intolerance Observations that are not negated and name what the patient reacts to
none_known     those that are negated, or say by their code, that nothing of the kind is known
problems       Problem Observations, in a list of problems, a concern or a diagnosis, that are not negated, name a problem, and of which the
               Problem Status does not say that it is known to be absent
medicines      Medication Activities that are not negated and name a medicine
orders         those of mood INT or RQO, Planned Medication Activities, Immunization Activities of these moods, and the Medication Supply Orders
               of a medicine that is taken, or of themselves, that say how much, how often or for how long
vaccinations   Immunization Activities that are not negated
not_given      Immunization Activities that are: refused, or not carried out
results        Result Observations in Result Organizers that say what they are, not negated, with a code, and neither aborted nor cancelled
vital_signs    Vital Sign Observations, not negated, with a code; systolic and diastolic pressure of one organizer, one of each and of one
               time, are one reading (as FHIR R4 has it in its profile of vital signs)
"""

import json
import re
import sys

from lxml import etree

V3 = "urn:hl7-org:v3"
NS = {"v": V3}
ROOTS = {"": "2.16.840.1.113883.10.20.", "c32:": "2.16.840.1.113883.3.88.11.83."}
ALLERGY = {"22.4.7", "1.18"}
PROBLEM = {"22.4.4", "1.28"}
MEDICATION = {"22.4.16", "1.24"}
PLANNED_MEDICATION = {"22.4.42", "22.4.120"}
SUPPLY_ORDER = {"22.4.17", "22.4.43"}
# The second number is that of HITSP C83, which CCD of that time has beside the one of any medicine.
IMMUNISATION = {"22.4.52", "c32:13"}
STATUS = {"22.4.6", "1.50"}
RESULT = {"22.4.2", "1.31"}
VITAL = {"22.4.27"}
RESULTS = {"22.4.1", "1.32"}
VITALS = {"22.4.26", "1.35"}
# What another statement is made of, and no statement of its own: a reaction, a severity, an indication.
PART = {"22.4.9", "22.4.8", "22.4.19", "1.54", "1.55"}
NO_ALLERGY = {"716186003", "409137002", "429625007", "428607008", "428197003", "160244002"}
# Value set "Allergy and Intolerance Type": a kind of allergy, which names nothing to be allergic to.
ALLERGY_KIND = {"416098002", "419511003", "59037007", "414285001", "418471000", "235719002", "426232007", "419199007", "418038007",
                "420134006", "232347008"}
NONE_KNOWN = re.compile(r"^\W*(none( known)?|no known (drug |food |medication )?allerg(y|ies))\W*$", re.I)
KNOWN_ABSENT = "410516002"
NO_PROBLEM = {"160245001", "160243008", "787479009"}
# Disorder, finding, problem, clinical finding, condition: a problem of no kind.
ANY_PROBLEM = {"64572001", "404684003", "55607006", "418799008", "409586006", "282291009"}
# Drug or medicament; substance; food.
ANY_SUBSTANCE = {"410942007", "105590001", "255620007", "373873005"}


def templates(element):
    roots = (one.get("root", "") for one in element.findall("v:templateId", NS))
    return {short + root[len(long):] for root in roots for short, long in ROOTS.items() if root.startswith(long)}


def name(element):
    return etree.QName(element).localname


def codes(element):
    """The codes of a concept and of its translations."""
    if element is None:
        return set()
    alike = [element, *element.findall("v:translation", NS)]
    return {one.get("code") for one in alike if one.get("code") and not one.get("nullFlavor")}


def words(element):
    """Whether a concept says in words what it means."""
    if element is None:
        return False
    original = element.find("v:originalText", NS)
    said = [element.get("displayName"), *(one.get("displayName") for one in element.findall("v:translation", NS))]
    if original is not None:
        said.append("".join(original.itertext()).strip())
        said.append(pointed(original))
    return any(said)


def pointed(holder):
    """What a text of an entry points to in the narrative."""
    reference = holder.find("v:reference", NS)
    value = reference.get("value", "") if reference is not None else ""
    found = holder.getroottree().xpath("//*[@ID=$id]", id=value.removeprefix("#")) if value else []
    return "".join(found[0].itertext()).strip() if found else ""


def told(statement):
    text = statement.find("v:text", NS)
    return text is not None and bool("".join(text.itertext()).strip() or pointed(text))


def statements(root):
    """The statements that stand for themselves: in the entries of sections, not blank, not withdrawn, about the patient."""
    for entry in root.iterfind(".//v:section/v:entry", NS):
        for element in entry.iter("{*}act", "{*}observation", "{*}organizer", "{*}substanceAdministration", "{*}supply"):
            around = [element]
            while around[-1] is not entry:
                around.append(around[-1].getparent())
            if any(blank(one) for one in around) or any(templates(one) & PART for one in around):
                continue
            yield element


def blank(element):
    status = element.find("v:statusCode", NS)
    about = element.find("v:subject", NS) is not None and name(element) != "organizer"
    return bool(element.get("nullFlavor")) or about or (status is not None and status.get("code") == "nullified")


def negated(element):
    """Negated itself, or by the concern around it."""
    if element.get("negationInd") == "true":
        return True
    relationship = element.getparent()
    act = relationship.getparent() if relationship is not None and name(relationship) == "entryRelationship" else None
    return act is not None and name(act) == "act" and act.get("negationInd") == "true"


def time(element, organizer):
    for one in (element, organizer):
        found = one.find("v:effectiveTime", NS)
        if found is not None:
            low = found.find("v:low", NS)
            return found.get("value") or (low.get("value") if low is not None else None)
    return None


class Counter:
    KEYS = ["allergies", "none_known", "problems", "medicines", "orders", "vaccinations", "not_given", "results", "vital_signs"]

    def __init__(self, root):
        self.counts = dict.fromkeys(self.KEYS, 0)
        for statement in statements(root):
            self.statement(statement, templates(statement), statement.get("moodCode", "EVN"))

    def add(self, key, number=1):
        self.counts[key] += number

    def statement(self, element, kind, mood):
        is_event = mood == "EVN"
        if kind & ALLERGY and is_event:
            self.allergy(element)
        elif kind & PROBLEM and is_event:
            self.problem(element)
        elif kind & IMMUNISATION:
            self.immunisation(element, is_event)
        elif kind & MEDICATION or (kind & PLANNED_MEDICATION and mood in {"INT", "RQO"}):
            self.medicine(element, is_event)
        elif kind & SUPPLY_ORDER and not is_event:
            self.supply_order(element)
        elif kind & RESULTS and codes(element.find("v:code", NS)) and element.get("negationInd") != "true":
            self.add("results", len(observations(element, RESULT)))
        elif kind & VITALS and element.get("negationInd") != "true":
            self.vitals(element)

    def immunisation(self, element, is_event):
        if not is_event:
            self.add("orders")
        else:
            self.add("not_given" if negated(element) else "vaccinations")

    def allergy(self, element):
        value = element.find("v:value", NS)
        substance = element.find("v:participant/v:participantRole/v:playingEntity", NS)
        code = substance.find("v:code", NS) if substance is not None else None
        specific = bool(codes(code) - ANY_SUBSTANCE) or words(code) and not codes(code)
        called = substance.find("v:name", NS) if substance is not None else None
        specific = specific or called is not None
        none = called is not None and NONE_KNOWN.match("".join(called.itertext()))
        if none or codes(value) & NO_ALLERGY or codes(code) & NO_ALLERGY:
            self.add("none_known")
        elif negated(element):
            self.add("none_known", 0 if specific else 1)
        elif specific or told(element) or codes(value) - ALLERGY_KIND:
            self.add("allergies")

    def problem(self, element):
        value = element.find("v:value", NS)
        statuses = element.iterfind("v:entryRelationship/v:observation", NS)
        absent = any(templates(one) & STATUS and KNOWN_ABSENT in codes(one.find("v:value", NS)) for one in statuses)
        if absent or negated(element) or codes(value) & NO_PROBLEM:
            return
        if codes(value) or words(value) or told(element):
            self.add("problems")

    def medicine(self, element, is_event):
        if not negated(element) and self.product(element, "v:consumable/v:manufacturedProduct"):
            self.add("medicines" if is_event else "orders")

    def supply_order(self, element):
        holder = element.getparent().getparent()
        if name(holder) == "substanceAdministration":
            # What was prescribed, and is not yet taken, is one with the order to supply it.
            of = holder.get("moodCode", "EVN") == "EVN" and not negated(holder)
            says = any(element.find("v:" + one, NS) is not None for one in ("quantity", "repeatNumber", "effectiveTime"))
        else:
            of = says = self.product(element, "v:product/v:manufacturedProduct")
        if of and says and not negated(element):
            self.add("orders")

    def product(self, element, path):
        """Whether an element names a medicine."""
        product = element.find(path, NS)
        kind = product.find("v:manufacturedMaterial", NS) if product is not None else None
        code = kind.find("v:code", NS) if kind is not None else None
        called = kind is not None and kind.find("v:name", NS) is not None
        return bool(codes(code) or words(code) or called or told(element))

    def vitals(self, organizer):
        found = observations(organizer, VITAL)
        pressure = {code: [one for one in found if code in codes(one.find("v:code", NS))] for code in ("8480-6", "8462-4")}
        upper, lower = ([time(one, organizer) for one in ones] for ones in pressure.values())
        pairs = [one for one in upper if upper.count(one) == 1 and lower.count(one) == 1]
        self.add("vital_signs", len(found) - len(pairs))


def observations(organizer, kind):
    """The observations of a kind in an organizer that say what they are."""
    found = []
    for one in organizer.iterfind("v:component/v:observation", NS):
        code = one.find("v:code", NS)
        said = codes(code) or words(code) or told(one)
        status = one.find("v:statusCode", NS)
        off = status is not None and status.get("code") in {"aborted", "cancelled"}
        if templates(one) & kind and not blank(one) and one.get("negationInd") != "true" and said and not off:
            found.append(one)
    return found


def main(paths):
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    for path in paths:
        try:
            root = etree.parse(path, parser).getroot()
        except etree.XMLSyntaxError:
            root = None
        is_document = root is not None and etree.QName(root) == etree.QName(V3, "ClinicalDocument")
        print(json.dumps(Counter(root).counts if is_document else {"refused": True}))


main(sys.argv[1:])
