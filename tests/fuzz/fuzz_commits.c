/* libFuzzer: any commit message is read; the first line is the subject. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/project/commits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *subject = mem_strndup((const char *)data, size), *body = strchr(subject, '\n');
	struct commit_info commits[2] = {
		{ .hash = "a000000", .subject = subject },
		{ .hash = "b000000", .subject = "feat: a" },
	};
	struct suggest_opts opts = { .policy = ZERO_MINOR };
	struct suggestion s;

	if (body != NULL) {
		*body = '\0';
		commits[0].body = body + 1;
	}
	commits_suggest(commits, 2, &opts, &s);
	if (s.reason == NULL || s.readings[0].reason == NULL || s.readings[1].reason == NULL)
		abort();
	suggestion_fini(&s);
	free(subject);
	return 0;
}
