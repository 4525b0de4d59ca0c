"""Counts the entries of a C-CDA document straight from its XML, for comparison with what is made of it.

Usage: ccda_counts.py FILE...  One line for each file: its name, then name=count pairs, tab-separated.
"""

import sys
import xml.etree.ElementTree as tree

V3 = "{urn:hl7-org:v3}"
ROOT = "2.16.840.1.113883.10.20."


def templates(element):
    return {one.get("root", "") for one in element.findall(V3 + "templateId")}


def has(element, *numbers):
    return bool(templates(element) & {ROOT + number for number in numbers})


def code_of(element, name="code"):
    found = element.find(V3 + name)
    return None if found is None or found.get("nullFlavor") else found.get("code")


def blank(element):
    return element.get("nullFlavor") is not None


NO_PROBLEM = {"160245001", "160243008", "787479009"}
ANY_MEDICINE = {"410942007", "373873005"}
ANY_PROBLEM = {"55607006", "64572001", "404684003", "409586006", "418799008", "282291009"}


def problem(observation):
    """Whether a problem observation tells of a problem, or of one that was ruled out."""
    value = observation.find(V3 + "value")
    if value is None:
        return observation.find(V3 + "text") is not None
    if value.get("code") in NO_PROBLEM:
        return False
    if observation.get("negationInd") == "true" and value.get("code") in ANY_PROBLEM:
        return False
    return True


def medicine(statement):
    """Whether a medication activity names a medicine; a negated one that names none says that there is none."""
    if statement.get("negationInd") != "true":
        return True
    code = statement.find(f"{V3}consumable/{V3}manufacturedProduct/{V3}manufacturedMaterial/{V3}code")
    if code is None:
        return False
    codes = {one.get("code") for one in [code, *code.findall(V3 + "translation")] if not blank(one)}
    return bool(codes) and not codes & ANY_MEDICINE


def count(root):
    counts = dict.fromkeys(["allergies", "problems", "statements", "requests", "vaccinations", "reports", "results"], 0)
    for section in root.iter(V3 + "section"):
        for entry in section.findall(V3 + "entry"):
            count_entry(entry, counts)
    return counts


def count_entry(entry, counts):
    # An element that is blank, or about somebody else, is left with all that it holds.
    stack = [(entry, None)]
    while stack:
        element, above = stack.pop()
        name = element.tag.removeprefix(V3)
        statement = name in {"act", "observation", "organizer", "substanceAdministration", "supply", "procedure", "encounter"}
        if statement and (blank(element) or (name != "organizer" and element.find(V3 + "subject") is not None)):
            continue
        mood = element.get("moodCode", "EVN")
        if name == "observation" and mood == "EVN":
            if has(element, "22.4.7", "22.4.90", "1.18"):
                counts["allergies"] += 1
                continue
            if has(element, "22.4.4", "1.28"):
                counts["problems"] += problem(element)
                continue
            if has(element, "22.4.2", "1.31") and above == "report":
                counts["results"] += element.get("negationInd") != "true"
                continue
            if has(element, "22.4.27"):
                counts["results"] += element.get("negationInd") != "true"
                continue
            # What an observation holds says more about it, and is no record of its own.
            continue
        if name == "substanceAdministration":
            if has(element, "22.4.52") and mood == "EVN":
                counts["vaccinations"] += 1
                continue
            if has(element, "22.4.16", "1.24", "22.4.42", "22.4.120") and medicine(element):
                counts["requests" if mood != "EVN" else "statements"] += 1
            for supply in element.findall(V3 + "entryRelationship/" + V3 + "supply"):
                may = supply.find(V3 + "quantity"), supply.find(V3 + "repeatNumber"), supply.find(V3 + "effectiveTime")
                if mood == "EVN" and supply.get("moodCode") == "INT" and any(one is not None for one in may):
                    counts["requests"] += 1
            continue
        if name == "supply" and mood != "EVN" and element.find(f".//{V3}manufacturedMaterial") is not None:
            counts["requests"] += 1
        if name in {"procedure", "supply"} or mood != "EVN":
            continue
        if name == "encounter":
            # Of a visit the diagnoses are read.
            for act in element.findall(V3 + "entryRelationship/" + V3 + "act"):
                if has(act, "22.4.80"):
                    stack.append((act, None))
            continue
        if name == "organizer":
            above = "report" if has(element, "22.4.1", "1.32") else above
            counts["reports"] += above == "report"
        stack.extend((child, above) for child in element)


for path in sys.argv[1:]:
    counts = count(tree.parse(path).getroot())
    print("\t".join([path] + [f"{name}={number}" for name, number in counts.items()]))
