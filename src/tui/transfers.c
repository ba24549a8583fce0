/* Uploads as they are told by the model. */
#include "transfers.h"

#include <stdio.h>
#include <string.h>

#include "slipway/os/clock.h"
#include "slipway/tui/widget.h"

#define WORDS_WIDTH 24

enum sign
transfer_sign(const struct transfer *t)
{
	switch (t->state) {
	case TRANSFER_WAITING:
		return SIGN_TODO;
	case TRANSFER_HASHING:
	case TRANSFER_ASKING:
	case TRANSFER_SENDING:
	case TRANSFER_READING_BACK:
		return SIGN_RUNNING;
	case TRANSFER_PAUSING:
		return SIGN_LOOK;
	case TRANSFER_DONE:
	case TRANSFER_THERE:
		return SIGN_OK;
	case TRANSFER_FAILED:
		return SIGN_BAD;
	}
	return SIGN_TODO;
}

/* "41 of 184 KB  610 KB/s": what the state is, in as many words as it needs. */
static void
words(const struct release_file *f, const struct transfer *t, char *out, size_t size)
{
	char a[32], b[32], c[32];
	uint64_t left;

	size_text(f->size, a, sizeof a);
	switch (t->state) {
	case TRANSFER_WAITING:
		snprintf(out, size, "%s  waiting", a);
		return;
	case TRANSFER_HASHING:
		snprintf(out, size, "%s  hashing", a);
		return;
	case TRANSFER_ASKING:
		snprintf(out, size, "asking the index");
		return;
	case TRANSFER_SENDING:
		left = t->rate > 0 && f->size > t->sent ? (f->size - t->sent) / t->rate : 0;
		clock_span(left * 1000, a, sizeof a);
		snprintf(out, size, "%s  %s/s%s%s", size_text(t->sent, b, sizeof b),
		    size_text(t->rate, c, sizeof c), left > 2 ? " " : "", left > 2 ? a : "");
		return;
	case TRANSFER_READING_BACK:
		snprintf(out, size, "reading it back");
		return;
	case TRANSFER_PAUSING:
		snprintf(out, size, "again in %d s (try %d)", (int)((t->pause_ms + 999) / 1000),
		    t->tries + 1);
		return;
	case TRANSFER_DONE:
		snprintf(out, size, "%s  same sha256", a);
		return;
	case TRANSFER_THERE:
		snprintf(out, size, "%s  there already", a);
		return;
	case TRANSFER_FAILED:
		snprintf(out, size, "failed");
		return;
	}
}

static uint64_t
sent(const struct release_file *f, const struct transfer *t)
{
	bool all = t->state == TRANSFER_READING_BACK || t->state == TRANSFER_DONE ||
		   t->state == TRANSFER_THERE;

	return all ? f->size : t->sent;
}

static int
draw_reason(struct region r, int y, const struct transfer *t)
{
	bool failed = t->state == TRANSFER_FAILED;
	struct region right = region_right(r, 4);

	if (t->message != NULL && t->message[0] != '\0')
		y += region_wrap(right, y, failed ? ROLE_BAD : ROLE_WARN, t->message);
	if (t->hint != NULL && t->hint[0] != '\0')
		y += region_wrap(right, y, ROLE_VALUE, t->hint);
	return y;
}

int
transfer_draw(const struct page *p, struct region r, int y, const struct release_file *f,
    enum index_role role, bool compact)
{
	const struct transfer *t = &f->transfer[role];
	enum sign sign = transfer_sign(t);
	char text[128];
	int name = r.w - 3 - WORDS_WIDTH;
	/* A bar says something while bytes go out; else the word does. */
	bool bar = !compact && t->state != TRANSFER_WAITING && t->state != TRANSFER_FAILED;

	words(f, t, text, sizeof text);
	widget_draw_sign(r, 0, y, sign, shell_now(p->shell));
	region_path_fit(r, 2, y, bar ? r.w - 2 : name, ROLE_PATH, f->name);
	y += bar ? 1 : 0;
	if (bar)
		widget_bar(r, 2, y, name, sent(f, t), f->size);
	region_text_fit(r, r.w - WORDS_WIDTH, y, WORDS_WIDTH, widget_sign_role(sign), text);
	y++;
	if (sign == SIGN_RUNNING || sign == SIGN_LOOK)
		shell_animate(p->shell);
	if (sign == SIGN_LOOK || sign == SIGN_BAD)
		y = draw_reason(r, y, t);
	return y;
}

void
transfer_order(const struct release *r, char *out, size_t size)
{
	snprintf(out, size, "%s", "");
	for (size_t i = 0; i < r->package_count; i++)
		for (size_t k = 0; k < r->package_count; k++) {
			const struct release_package *user = &r->packages[i],
						     *needed = &r->packages[k];

			if (i == k || !user->selected || !needed->selected ||
			    !strlist_has(&user->needs, needed->normal))
				continue;
			snprintf(
			    out, size, "%s goes first: %s needs it.", needed->name, user->name);
			return;
		}
}
