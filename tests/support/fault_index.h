/* An index that breaks what it is told to break, before a real one: see fault_index.py for the
 * faults. */
#ifndef SLIPWAY_TESTS_FAULT_INDEX_H
#define SLIPWAY_TESTS_FAULT_INDEX_H

struct fault_index;

/* UPSTREAM is the URL of the real index. TIMES 0: always. Aborts the test when it cannot be
 * started. */
struct fault_index *fault_index_start(const char *upstream, const char *fault, unsigned times);
/* Borrowed: http://127.0.0.1:PORT/ */
const char *fault_index_url(const struct fault_index *f);
/* Ends it; returns how many uploads reached the real index and were taken (200). */
unsigned fault_index_stop(struct fault_index *f);

#endif
