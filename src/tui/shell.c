/* Pages on top of each other, and the way of an event to one of them. */
#include "slipway/tui/shell.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "shell_pages.h"
#include "slipway/base/mem.h"
#include "slipway/base/str.h"
#include "slipway/os/loop.h"
#include "slipway/tui/edit_line.h"

#define PAGES_MAX 16
#define RAIL_MAX 32
#define BAR_MAX 16
#define ANIMATE_MS 150
#define WHEEL_ROWS 3

struct shell {
	struct loop *loop;
	const struct shell_ops *ops;
	void *arg;
	struct surface *surface;
	struct page *pages[PAGES_MAX];
	size_t count;
	struct region keys; /* of the last draw */
	bool too_small;
	bool animate;
	struct loop_timer *animate_timer;
	struct str message;
	enum role message_role;
	bool searching, search_failed;
	struct edit_line search;
};

struct shell *
shell_new(struct loop *l, const struct shell_ops *ops, void *arg, int w, int h, bool ascii)
{
	struct shell *s = mem_zalloc(1, sizeof *s);

	s->loop = l;
	s->ops = ops;
	s->arg = arg;
	s->surface = surface_new(w, h, ascii);
	return s;
}

static void
page_free(struct page *p)
{
	if (p->ops->close != NULL)
		p->ops->close(p);
	free(p->state);
	free(p);
}

static void
close_down_to(struct shell *s, size_t count)
{
	while (s->count > count) {
		struct page *p = s->pages[--s->count];

		page_free(p);
	}
}

void
shell_free(struct shell *s)
{
	if (s == NULL)
		return;
	close_down_to(s, 0);
	loop_cancel(s->loop, s->animate_timer);
	surface_free(s->surface);
	str_fini(&s->message);
	edit_line_fini(&s->search);
	free(s);
}

/* --- pages --- */

static void
leave_search(struct shell *s)
{
	s->searching = s->search_failed = false;
	edit_line_set(&s->search, "");
}

struct page *
shell_push(struct shell *s, const struct page_ops *ops, void *data)
{
	struct page *p = mem_zalloc(1, sizeof *p);

	/* More than anybody opens by hand; the one in front gives way. */
	if (s->count == PAGES_MAX)
		close_down_to(s, PAGES_MAX - 1);
	leave_search(s);
	p->ops = ops;
	p->shell = s;
	p->data = data;
	p->state = mem_zalloc(1, ops->state_size > 0 ? ops->state_size : 1);
	s->pages[s->count++] = p;
	if (ops->open != NULL)
		ops->open(p);
	shell_redraw(s);
	return p;
}

struct page *
shell_show(struct shell *s, const struct page_ops *ops, void *data)
{
	close_down_to(s, 0);
	return shell_push(s, ops, data);
}

void
shell_pop(struct shell *s)
{
	leave_search(s);
	if (s->count > 1)
		close_down_to(s, s->count - 1);
	shell_redraw(s);
}

struct page *
shell_front(const struct shell *s)
{
	return s->count > 0 ? s->pages[s->count - 1] : NULL;
}

struct page *
shell_bottom(const struct shell *s)
{
	return s->count > 0 ? s->pages[0] : NULL;
}

bool
page_local(const struct page *p, const struct input_event *ev, int *x, int *y)
{
	*x = ev->x - p->area.x;
	*y = ev->y - p->area.y;
	return *x >= 0 && *x < p->area.w && *y >= 0 && *y < p->area.h;
}

/* --- frames --- */

void
shell_redraw(struct shell *s)
{
	loop_dirty(s->loop);
}

static void
on_animate(void *arg)
{
	struct shell *s = arg;

	s->animate_timer = NULL;
	shell_redraw(s);
}

void
shell_animate(struct shell *s)
{
	s->animate = true;
}

uint64_t
shell_now(const struct shell *s)
{
	return loop_now_ms(s->loop);
}

void
shell_message(struct shell *s, enum role role, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	str_clear(&s->message);
	str_vprintf(&s->message, fmt, args);
	va_end(args);
	s->message_role = role;
	shell_redraw(s);
}

/* --- drawing --- */

static const char *
why_off(struct page *p, enum action a)
{
	return p->ops->off != NULL ? p->ops->off(p, a) : NULL;
}

/* The bottom line of the page in front. */
static size_t
bar_of(const struct shell *s, struct layout_key out[BAR_MAX])
{
	struct page *p = shell_front(s);
	size_t n = 0;

	for (const enum action *a = p != NULL ? p->ops->bar : NULL; a != NULL && *a != ACT_NONE;
	     a++) {
		const char *label = p->ops->label != NULL ? p->ops->label(p, *a) : NULL;

		if (n < BAR_MAX - 2 && (label == NULL || label[0] != '\0'))
			out[n++] = (struct layout_key) {
				.action = *a, .label = label, .off = why_off(p, *a) != NULL
			};
	}
	/* Where everything is typed, a question mark is one. */
	if (p == NULL || p->ops->label == NULL || p->ops->label(p, ACT_HELP) == NULL)
		out[n++] = (struct layout_key) { .action = ACT_HELP };
	if (s->count > 1)
		out[n++] = (struct layout_key) { .action = ACT_CLOSE };
	else if (p != NULL && p->ops->label != NULL && p->ops->label(p, ACT_QUIT) != NULL)
		out[n++] = (struct layout_key) { .action = ACT_INTERRUPT, .label = "leave" };
	else
		out[n++] = (struct layout_key) { .action = ACT_QUIT };
	return n;
}

static void
draw_search(struct shell *s, struct region keys)
{
	int x = region_text(keys, 1, 0, ROLE_KEY, "/");

	edit_line_draw(&s->search, region_sub(keys, x + 1, 0, keys.w / 2, 1), NULL);
	if (s->search_failed)
		region_text_right(keys, keys.w - 1, 0, ROLE_WARN, "not found");
	else
		region_text_right(keys, keys.w - 1, 0, ROLE_DIM, "Enter keep   Esc leave");
}

static void
draw_bottom(struct shell *s, struct region keys)
{
	struct layout_key bar[BAR_MAX];

	if (s->searching)
		draw_search(s, keys);
	else if (s->message.len > 0)
		layout_message(keys, s->message_role, str_text(&s->message));
	else
		layout_keys(keys, bar, bar_of(s, bar));
}

/* The page in front, and what shows through below its cards. */
static void
draw_pages(struct shell *s, struct region body)
{
	size_t first = s->count;

	while (first > 0 && s->pages[--first]->ops->is_card)
		;
	for (size_t i = first; i < s->count; i++) {
		struct page *p = s->pages[i];

		/* Whoever types is in front: a cursor from below would lie. */
		surface_hide_cursor(s->surface);
		p->area = body;
		p->ops->draw(p, body);
	}
}

const struct surface *
shell_draw(struct shell *s)
{
	struct layout_rail_item items[RAIL_MAX];
	struct layout_header header = { .project = NULL };
	struct layout l;
	size_t count = 0;

	surface_clear(s->surface);
	s->animate = false;
	if (s->ops->rail != NULL)
		count = s->ops->rail(s->arg, items, RAIL_MAX);
	l = layout_draw(region_all(s->surface), count > 0);
	s->too_small = l.too_small;
	s->keys = l.keys;
	if (l.too_small)
		return s->surface;
	if (s->ops->header != NULL)
		s->ops->header(s->arg, &header);
	layout_header(l.header, &header);
	layout_rail(l.rail, items, count, shell_now(s));
	for (size_t i = 0; i < count; i++)
		s->animate |= items[i].sign == SIGN_RUNNING;
	draw_pages(s, l.body);
	draw_bottom(s, l.keys);
	if (s->animate && s->animate_timer == NULL)
		s->animate_timer = loop_after(s->loop, ANIMATE_MS, on_animate, s);
	return s->surface;
}

/* --- actions --- */

static bool
act_here(struct shell *s, enum action a)
{
	struct page *p = shell_front(s);

	if (a == ACT_HELP && p != NULL && p->ops != &shell_help_page) {
		shell_push(s, &shell_help_page, p);
	} else if (a == ACT_PALETTE && p != NULL && p->ops != &shell_palette_page) {
		shell_push(s, &shell_palette_page, p);
	} else if (a == ACT_SEARCH && p != NULL && p->ops->search != NULL) {
		s->searching = true;
		edit_line_set(&s->search, "");
	} else if (a == ACT_CLOSE && s->count > 1) {
		shell_pop(s);
	} else if ((a == ACT_QUIT || a == ACT_BACK) && s->count > 1) {
		shell_pop(s);
	} else {
		return false;
	}
	return true;
}

/* What lies in front keeps the wizard from seeing keys that are meant for it. */
static bool
reaches_below(const struct shell *s, enum action a)
{
	return s->count < 2 || a == ACT_INTERRUPT || a == ACT_QUIT_ALL || a == ACT_SUSPEND ||
	       a == ACT_REPAINT ||
	       (a == ACT_LOG && !shell_front(s)->ops->is_card);
}

void
shell_act(struct shell *s, enum action a)
{
	struct page *p = shell_front(s);
	const char *off;

	if (a == ACT_NONE)
		return;
	if (s->too_small && a != ACT_QUIT && a != ACT_INTERRUPT && a != ACT_SUSPEND &&
	    a != ACT_REPAINT)
		return;
	shell_redraw(s);
	off = p != NULL && !s->too_small ? why_off(p, a) : NULL;
	if (off != NULL) {
		shell_message(s, ROLE_WARN, "%s", off);
		return;
	}
	if (p != NULL && !s->too_small && p->ops->act != NULL && p->ops->act(p, a))
		return;
	if (act_here(s, a))
		return;
	if (s->ops->act != NULL && reaches_below(s, a))
		s->ops->act(s->arg, a);
}

/* --- events --- */

static void
search_event(struct shell *s, const struct input_event *ev)
{
	struct page *p = shell_front(s);
	bool is_key = ev->type == INPUT_KEY && ev->mods == 0;

	if (is_key && ev->key == INPUT_KEY_ENTER) {
		/* Kept: n and N go on with it. */
		s->searching = false;
	} else if (is_key && ev->key == INPUT_KEY_ESCAPE) {
		p->ops->search(p, "");
		leave_search(s);
	} else if (edit_line_event(&s->search, ev)) {
		s->search_failed = !p->ops->search(p, str_text(&s->search.text)) &&
				   s->search.text.len > 0;
	}
}

static void
mouse_event(struct shell *s, const struct input_event *ev)
{
	struct layout_key bar[BAR_MAX];
	size_t count, at;

	if (ev->mouse != INPUT_MOUSE_PRESS) {
		for (int i = 0; i < WHEEL_ROWS; i++)
			shell_act(s, ev->mouse == INPUT_MOUSE_WHEEL_UP ? ACT_UP : ACT_DOWN);
		return;
	}
	if (ev->y != s->keys.y || s->too_small)
		return;
	count = bar_of(s, bar);
	at = layout_key_at(s->keys, bar, count, ev->x - s->keys.x);
	if (at < count)
		shell_act(s, bar[at].action);
}

void
shell_event(struct shell *s, const struct input_event *ev)
{
	struct page *p = shell_front(s);

	shell_redraw(s);
	if (ev->type == INPUT_RESIZE) {
		surface_resize(s->surface, ev->w, ev->h);
		return;
	}
	/* While logs fill the frames, a key does not wait for the next one. */
	loop_dirty_now(s->loop);
	if (ev->type == INPUT_SIGNAL) {
		if (s->ops->act != NULL)
			s->ops->act(s->arg, ACT_INTERRUPT);
		return;
	}
	str_clear(&s->message);
	if (s->searching && ev->type != INPUT_MOUSE) {
		search_event(s, ev);
		return;
	}
	if (p != NULL && !s->too_small && p->ops->event != NULL && p->ops->event(p, ev))
		return;
	if (ev->type == INPUT_MOUSE)
		mouse_event(s, ev);
	else if (ev->type == INPUT_KEY && p != NULL)
		shell_act(s, keys_lookup(p->ops->context, ev->key, ev->mods));
}
