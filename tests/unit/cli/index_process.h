/* slipway index as a process of its own, in DIR/index. */
#ifndef SLIPWAY_TESTS_INDEX_PROCESS_H
#define SLIPWAY_TESTS_INDEX_PROCESS_H

struct index_process;

/* Ready when it returns; aborts the test when it does not start. */
struct index_process *index_process_start(const char *dir);
const char *index_process_url(const struct index_process *p); /* to upload to */
const char *index_process_token(const struct index_process *p);
/* All it has printed. */
const char *index_process_output(const struct index_process *p);
/* With SIGTERM; its exit status, or -1. */
int index_process_stop(struct index_process *p);

#endif
