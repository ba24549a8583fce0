"""Fails unless the file is what the schema of SARIF 2.1.0 asks of the parts that slipway writes: required
properties, their types and values, and no property that the schema does not know. Written by hand from section 3
of the standard."""
import json
import re
import sys

LEVEL = {"none", "note", "warning", "error"}
TEXT = {"text!": str, "markdown": str, "properties": dict}
MESSAGE = {"text": str, "markdown": str, "id": str, "arguments": list, "properties": dict}
ARTIFACT = {"uri": "uri", "uriBaseId": str, "index": int, "description": MESSAGE, "properties": dict}
REGION = {"startLine": "positive", "startColumn": "positive", "endLine": "positive", "endColumn": "positive",
          "charOffset": int, "charLength": int, "byteOffset": int, "byteLength": int, "snippet": dict, "message": MESSAGE,
          "sourceLanguage": str, "properties": dict}
PHYSICAL = {"artifactLocation": ARTIFACT, "region": REGION, "contextRegion": REGION, "address": dict, "properties": dict}
LOGICAL = {"name": str, "index": int, "fullyQualifiedName": str, "decoratedName": str, "parentIndex": int, "kind": str,
           "properties": dict}
LOCATION = {"id": int, "physicalLocation": PHYSICAL, "logicalLocations": [LOGICAL], "message": MESSAGE, "annotations": list,
            "relationships": list, "properties": dict}
CONFIGURATION = {"enabled": bool, "level": LEVEL, "rank": float, "parameters": dict, "properties": dict}
RULE = {"id!": str, "deprecatedIds": [str], "guid": str, "name": str, "shortDescription": TEXT, "fullDescription": TEXT,
        "messageStrings": dict, "defaultConfiguration": CONFIGURATION, "helpUri": "uri", "help": TEXT, "relationships": list,
        "properties": dict}
COMPONENT = {"name!": str, "version": str, "semanticVersion": str, "fullName": str, "organization": str,
             "informationUri": "uri", "downloadUri": "uri", "shortDescription": TEXT, "fullDescription": TEXT,
             "language": str, "rules": [RULE], "notifications": [RULE], "guid": str, "properties": dict}
SUPPRESSION = {"kind!": {"inSource", "external"}, "status": {"accepted", "underReview", "rejected"}, "guid": str,
               "location": LOCATION, "justification": str, "properties": dict}
RESULT = {"ruleId": str, "ruleIndex": int, "rule": dict, "kind": {"notApplicable", "pass", "fail", "review", "open", "informational"},
          "level": LEVEL, "message!": MESSAGE, "locations": [LOCATION], "relatedLocations": [LOCATION], "guid": str,
          "fingerprints": {"*": str}, "partialFingerprints": {"*": str}, "suppressions": [SUPPRESSION], "rank": float,
          "baselineState": {"new", "unchanged", "updated", "absent"}, "properties": dict}
NOTIFICATION = {"locations": [LOCATION], "message!": MESSAGE, "level": LEVEL, "timeUtc": str, "descriptor": dict,
                "associatedRule": dict, "exception": dict, "threadId": int, "properties": dict}
INVOCATION = {"executionSuccessful!": bool, "commandLine": str, "arguments": [str], "exitCode": int, "exitCodeDescription": str,
              "startTimeUtc": str, "endTimeUtc": str, "toolExecutionNotifications": [NOTIFICATION],
              "toolConfigurationNotifications": [NOTIFICATION], "workingDirectory": ARTIFACT, "properties": dict}
RUN = {"tool!": {"driver!": COMPONENT, "extensions": [COMPONENT], "properties": dict}, "invocations": [INVOCATION],
       "results": [RESULT], "artifacts": list, "columnKind": {"utf16CodeUnits", "unicodeCodePoints"},
       "originalUriBaseIds": dict, "automationDetails": dict, "language": str, "properties": dict}
LOG = {"$schema": "uri", "version!": {"2.1.0"}, "runs!": [RUN], "inlineExternalProperties": list, "properties": dict}
URI = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*")


def check(value, kind, at):
    def need(fits):
        if not fits:
            sys.exit("%s: %r" % (at, value))

    if kind == "uri":
        need(isinstance(value, str) and URI.fullmatch(value))
    elif kind == "positive":
        need(type(value) is int and value >= 1)
    elif isinstance(kind, type):
        need(type(value) is kind)
    elif isinstance(kind, set):
        need(value in kind)
    elif isinstance(kind, list):
        need(isinstance(value, list))
        for i, item in enumerate(value):
            check(item, kind[0], "%s[%d]" % (at, i))
    else:
        need(isinstance(value, dict))
        known = {name.rstrip("!"): inner for name, inner in kind.items()}
        for name, item in value.items():
            if "*" not in known and name not in known:
                sys.exit("%s: %s is not known" % (at, name))
            check(item, known.get(name, known.get("*")), at + "." + name)
        for name in kind:
            if name.endswith("!") and name[:-1] not in value:
                sys.exit("%s: %s is missing" % (at, name[:-1]))


log = json.load(open(sys.argv[1], encoding="utf-8"))
check(log, LOG, "log")
for run in log["runs"]:
    rules = run["tool"]["driver"].get("rules", [])
    assert len({rule["id"] for rule in rules}) == len(rules), "an id twice"
    for result in run["results"]:
        assert "text" in result["message"] or "id" in result["message"], result
        assert -1 <= result.get("ruleIndex", -1) < len(rules), result
        for place in result.get("locations", []):
            assert "artifactLocation" in place["physicalLocation"] or "address" in place["physicalLocation"], place
