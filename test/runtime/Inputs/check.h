/*===- check.h - Checks of the runtime's tests ----------------------------===*\
|*
|* A failed check is reported and counted, and the test goes on; a test's main
|* ends with `return check_result()`.
|*
\*===----------------------------------------------------------------------===*/

#ifndef CHECK_H
#define CHECK_H

#include "vitc/runtime.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int check_failures;

#define CHECK(condition)                                                       \
  ((condition)                                                                 \
       ? (void)0                                                               \
       : (void)(++check_failures, printf("%s:%d: failed: %s\n", __FILE__,      \
                                         __LINE__, #condition)))

/* Checks that a call returns `expected` and, when that is an error, leaves
 * `words` in a vitc_message called `message`. */
#define CHECK_STATUS(call, expected, words)                                    \
  do {                                                                         \
    memset(&message, 0, sizeof message);                                       \
    vitc_status check_status = (call);                                         \
    if (check_status != (expected) || !strstr(message.text, words)) {          \
      ++check_failures;                                                        \
      printf("%s:%d: failed: %s\n  expected %s '%s'\n  found %s '%s'\n",       \
             __FILE__, __LINE__, #call, vitc_status_name(expected), words,     \
             vitc_status_name(check_status), message.text);                    \
    }                                                                          \
  } while (0)

#define CHECK_OK(call) CHECK_STATUS(call, VITC_OK, "")

static inline int check_result(void) {
  if (!check_failures)
    printf("all checks passed\n");
  return check_failures != 0;
}

#endif /* CHECK_H */
