"""check_statuses.py HEADER TEST...: every error that the header lists must be
expected by a check in one of the tests; prints those that are not."""

import re
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    enumeration = re.search(r"enum vitc_status \{(.*?)\}", file.read(), re.S)
statuses = re.findall(r"^\s*(VITC_\w+) = [1-9]", enumeration.group(1), re.M)
expected = set()
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        calls = re.findall(r"CHECK_STATUS\((.*?)\);", file.read(), re.S)
    for call in calls:
        expected.update(re.findall(r"\bVITC_\w+", call))
print("statuses:", len(statuses))
for status in statuses:
    if status not in expected:
        print("no check expects", status)
