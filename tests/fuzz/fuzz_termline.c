/* Any bytes of a build give lines that are safe for a screen, however they are cut into pieces. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/sanitise.h"
#include "slipway/base/str.h"
#include "slipway/base/termline.h"
#include "slipway/base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_line(void *arg, const struct termline_line *line)
{
	struct str *all = arg;
	size_t end = 0;

	if (line->len > TERMLINE_MAX || line->run_count > TERMLINE_RUNS_MAX)
		abort();
	for (size_t pos = 0; pos < line->len;) {
		uint32_t cp;
		size_t used = utf8_decode(line->text + pos, line->len - pos, &cp);

		if (used == 0 || sanitise_is_unsafe(cp))
			abort();
		pos += used;
	}
	for (size_t i = 0; i < line->run_count; i++) {
		const struct termline_run *run = &line->runs[i];

		if (run->len == 0 || run->start < end || (size_t)run->start + run->len > line->len)
			abort();
		if (!utf8_valid(line->text + run->start, run->len))
			abort();
		end = (size_t)run->start + run->len;
	}
	str_append(all, line->text, line->len + 1);
}

static void
feed(const uint8_t *data, size_t size, size_t piece, struct str *all)
{
	struct termline *t = termline_new(check_line, all);
	struct termline_line line;
	struct str scratch = STR_EMPTY;

	for (size_t pos = 0; pos < size; pos += piece) {
		size_t len = size - pos < piece ? size - pos : piece;

		termline_feed(t, (const char *)data + pos, len);
		if (piece > 1 && termline_partial(t, &line))
			check_line(&scratch, &line);
	}
	termline_end(t);
	termline_free(t);
	str_fini(&scratch);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str whole = STR_EMPTY, pieces = STR_EMPTY;

	feed(data, size, size + 1, &whole);
	feed(data, size, 1, &pieces);
	if (whole.len != pieces.len ||
	    (whole.len > 0 && memcmp(whole.data, pieces.data, whole.len) != 0))
		abort();
	str_fini(&whole);
	str_fini(&pieces);
	return 0;
}
