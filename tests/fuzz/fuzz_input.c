/* libFuzzer: whatever a terminal sends, cut in two anywhere, gives the same events. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "slipway/tui/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sum {
	uint64_t events, hash;
};

static void
note(void *arg, const struct input_event *ev)
{
	struct sum *s = arg;

	if (ev->type == INPUT_PASTE && ev->paste_len > INPUT_PASTE_MAX)
		abort();
	s->events++;
	s->hash = (s->hash ^ ev->key ^ ev->mods ^ ev->paste_len ^ (uint64_t)ev->x) * 1099511628211U;
}

static struct sum
run(const uint8_t *data, size_t size, size_t cut)
{
	struct sum s = { .hash = 14695981039346656037U };
	struct input_decoder *d = input_decoder_new(note, &s);

	input_decoder_feed(d, (const char *)data, cut);
	input_decoder_feed(d, (const char *)data + cut, size - cut);
	input_decoder_flush(d);
	input_decoder_free(d);
	return s;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sum whole = run(data, size, size);
	struct sum parts = run(data, size, size / 2);

	if (whole.events != parts.events || whole.hash != parts.hash)
		abort();
	return 0;
}
