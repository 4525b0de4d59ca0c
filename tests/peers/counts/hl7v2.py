"""Counts what HL7 v2 messages say of a patient, with the parser of the package `hl7`.

Usage: hl7v2.py FILE...  One line for each file: a JSON object of counts, or {"refused": true} where no message can be parsed.

The rules are those of the standard (HL7 v2.9: chapters 3, 4, 4A, 6, 7, 9, 12; tables 0085, 0206, 0287, 0322, 0323, 0438) and are written
without a look at what is counted against them:

allergies      AL1 and IAM that name an allergen; not what is deleted (IAM-6 D), erroneous (IAM-17 E), or says that there is none
none_known     AL1 and IAM that say that there is none
problems       DG1 with a code or a description (DG1-21 not D) and PRB with a code (PRB-1 not DE)
procedures     PR1 with a code or a description, PR1-20 not D
prescriptions  RXO and RXE; an RXE encodes the RXO of its own order group, and both are one prescription
cancelled      prescriptions of which ORC-1 says that they are cancelled (CA, CR, OC) or the order's status is CA
dispenses      RXD
administered   RXA of a message about medicines
vaccinations   RXA of a message of chapter 4A.7 or of a CVX code: given (RXA-20 CP or PA or none), not deleted (RXA-21 D), nothing refused
not_given      the same, refused or not administered
results        OBX that is an observation of the patient: has an identifier, holds a value or a flag, is not deleted, wrong, not asked for,
               only ordered, still to come or not to be had (OBX-11 D, W, N, O, I, X), and holds no file (ED, RP). The OBX of a document (MDM) are its text, those of
               a vaccination (behind RXA) say more of it.
"""

import json
import re
import sys

import hl7

IMMUNISATION = {"VXU", "VXR", "VXX", "RSP"}
NONE_KNOWN = re.compile(r"^(nkda|nka|none( known)?|no (known )?(drug |food |medication )?allerg(y|ies))\.?$", re.I)


def text(segment, field, component=1, repetition=1):
    """A component's own text: the first subcomponent."""
    try:
        found = segment(field)
        found = found(repetition) if isinstance(found, hl7.Field) else found
        if isinstance(found, hl7.Repetition):
            found = found(component)
        elif component != 1:
            return ""
        if isinstance(found, hl7.Component):
            found = found(1)
        return str(found).strip()
    except (IndexError, KeyError):
        return ""


def has(segment, field):
    try:
        return re.sub(r"[\^~&\s]", "", str(segment[field])) != ""
    except IndexError:
        return False


def coded(segment, field):
    """Whether a CWE says anything: code, text, alternate code and text, or original text."""
    return any(text(segment, field, one) for one in (1, 2, 4, 5, 9))


def named(segment, field):
    return next((text(segment, field, one) for one in (9, 2, 5, 1) if text(segment, field, one)), "")


class Counter:
    KEYS = ["allergies", "none_known", "problems", "procedures", "prescriptions", "cancelled", "dispenses", "administered",
            "vaccinations", "not_given", "results"]

    def __init__(self):
        self.counts = dict.fromkeys(self.KEYS, 0)

    def add(self, key):
        self.counts[key] += 1

    def message(self, message):
        kind = text(message.segment("MSH"), 9, 1)
        group = {"order": None, "prescribed": None, "vaccinated": False}
        for segment in message:
            name = str(segment[0])
            if name in {"ORC", "OBR"}:
                group["vaccinated"] = False
            if name == "ORC":
                group.update(order=segment, prescribed=None)
            handler = getattr(self, "on_" + name.lower(), None)
            if handler:
                handler(segment, kind, group)

    def on_al1(self, segment, kind, group):
        self.allergen(segment)

    def on_iam(self, segment, kind, group):
        if text(segment, 6) != "D" and text(segment, 17) != "E":
            self.allergen(segment)

    def allergen(self, segment):
        if coded(segment, 3):
            self.add("none_known" if NONE_KNOWN.match(named(segment, 3)) else "allergies")

    def on_dg1(self, segment, kind, group):
        if (coded(segment, 3) or has(segment, 4)) and text(segment, 21) != "D":
            self.add("problems")

    def on_prb(self, segment, kind, group):
        if coded(segment, 3) and text(segment, 1) != "DE":
            self.add("problems")

    def on_pr1(self, segment, kind, group):
        if (coded(segment, 3) or has(segment, 4)) and text(segment, 20) != "D":
            self.add("procedures")

    def on_rxo(self, segment, kind, group):
        if coded(segment, 1):
            self.prescribe(group, "RXO")

    def on_rxe(self, segment, kind, group):
        if coded(segment, 2):
            self.prescribe(group, "RXE")

    def prescribe(self, group, name):
        encodes = name == "RXE" and group["prescribed"] == "RXO"
        group["prescribed"] = name
        if encodes:
            return
        order = group["order"]
        control, status = (text(order, 1), text(order, 5)) if order is not None else ("", "")
        self.add("cancelled" if control in {"CA", "CR", "OC"} or status == "CA" else "prescriptions")

    def on_rxd(self, segment, kind, group):
        if coded(segment, 2):
            self.add("dispenses")

    def on_rxa(self, segment, kind, group):
        group["vaccinated"] = False
        if not coded(segment, 5) or text(segment, 5) == "998" or text(segment, 21) == "D":
            return
        refused = text(segment, 20) in {"RE", "NA"} or has(segment, 18)
        if kind in IMMUNISATION or text(segment, 5, 3) == "CVX":
            group["vaccinated"] = True
            self.add("not_given" if refused else "vaccinations")
        elif not refused:
            self.add("administered")

    def on_obx(self, segment, kind, group):
        if kind == "MDM" or group["vaccinated"] or not coded(segment, 3):
            return
        if text(segment, 11) in {"D", "W", "N", "O", "I", "X"} or text(segment, 2) in {"ED", "RP"}:
            return
        if has(segment, 5) or has(segment, 8):
            self.add("results")


def messages(content):
    """The messages of a file, each with carriage returns between its segments as the parser wants them."""
    lines = re.split(r"\r\n|\r|\n", content.lstrip("\ufeff\x0b"))
    found = []
    for line in (line.strip("\x0b\x1c") for line in lines):
        if line.startswith("MSH"):
            found.append([line])
        elif found and line.strip() and not line.startswith(("BTS", "FTS", "BHS", "FHS")):
            found[-1].append(line)
    return [hl7.parse("\r".join(lines) + "\r") for lines in found]


def main(paths):
    for path in paths:
        with open(path, "rb") as file:
            content = file.read()
        try:
            content = content.decode("utf-8")
        except UnicodeDecodeError:
            content = content.decode("latin-1")
        counter = Counter()
        try:
            found = messages(content)
            for message in found:
                counter.message(message)
        except (hl7.HL7Exception, KeyError):
            found = []
        print(json.dumps(counter.counts if found else {"refused": True}))


main(sys.argv[1:])
