/* One member against one base, in front of the browser: a patch, or, of binaries, where they begin
 * to differ. And the choice of what to compare with. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "browser_priv.h"
#include "patch_view.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/os/worker.h"
#include "slipway/tui/widget.h"
#include "slipway/wizard/compare.h"

struct diff_job {
	struct browser_tab *t; /* NULL: nobody waits for it any more */
	struct worker_job *job;
	struct compared *compared;
	bool owns; /* it was replaced meanwhile */
	enum compare_base base;
	size_t row;
	char *title;
	struct compared_diff diff;
	struct err err;
};

/* --- the page --- */

struct diff_page {
	struct browser_tab *t; /* it lies below */
	enum compare_base base;
	char *title, *summary;
	struct patch_view patch;
	struct pager pager; /* of binaries */
	struct pager_text text;
};

static void
diff_close(struct page *p)
{
	struct diff_page *st = p->state;

	patch_view_fini(&st->patch);
	pager_text_fini(&st->text);
	free(st->title);
	free(st->summary);
}

static void
diff_draw(struct page *p, struct region body)
{
	struct diff_page *st = p->state;
	char marks[64];

	snprintf(
	    marks, sizeof marks, "reviewed %zu of %zu", browser_reviewed(st->t), st->t->to_review);
	region_text_right(body, body.w, 0, ROLE_DIM, marks);
	region_path_fit(body, 0, 0, body.w - (int)strlen(marks) - 2, ROLE_TITLE, st->title);
	region_text_fit(body, 0, 1, body.w, ROLE_DIM, st->summary);
	widget_rule(body, 2);
	if (st->text.count > 0)
		pager_draw(&st->pager, region_below(body, 3));
	else
		patch_view_draw(&st->patch, region_below(body, 3));
}

static struct pager *
pager_of(struct page *p)
{
	struct diff_page *st = p->state;

	return st->text.count > 0 ? &st->pager : &st->patch.pager;
}

/* The difference of what is selected now, in place of this one. */
static void
show_next(struct page *p)
{
	struct diff_page *st = p->state;
	struct browser_tab *t = st->t;

	shell_pop(p->shell);
	browser_diff(t);
}

static bool
diff_act(struct page *p, enum action a)
{
	struct diff_page *st = p->state;

	if (a == ACT_REVIEWED) {
		if (browser_review(st->t))
			show_next(p);
		return true;
	}
	if (a == ACT_CHANGED_NEXT || a == ACT_CHANGED_BACK) {
		if (browser_next_changed(st->t, a == ACT_CHANGED_NEXT ? 1 : -1))
			show_next(p);
		return true;
	}
	/* Against the other base. */
	if (a == ACT_COMPARE) {
		st->t->base = st->base == COMPARE_GIT ? COMPARE_RELEASE : COMPARE_GIT;
		show_next(p);
		return true;
	}
	return pager_of(p)->fn != NULL && pager_act(pager_of(p), a);
}

static bool
diff_search(struct page *p, const char *text)
{
	return pager_of(p)->fn != NULL && pager_search(pager_of(p), text);
}

static const char *
diff_off(struct page *p, enum action a)
{
	const struct diff_page *st = p->state;
	const struct browser_owner *o = &st->t->b->o;

	if (a == ACT_REVIEWED && o->read_only != NULL)
		return o->read_only(o->arg);
	if (a == ACT_COMPARE && (browser_with(st->t, COMPARE_GIT) == NULL ||
				    browser_with(st->t, COMPARE_RELEASE) == NULL))
		return "there is only this to compare it with";
	return NULL;
}

static const char *
diff_label(struct page *p, enum action a)
{
	const struct diff_page *st = p->state;

	if (a == ACT_COMPARE)
		return st->base == COMPARE_GIT ? "from the release" : "from git";
	return NULL;
}

static const enum action diff_bar[] = { ACT_CHANGED_NEXT, ACT_REVIEWED, ACT_COMPARE, ACT_SEARCH,
	ACT_WRAP, ACT_NONE };

static const struct page_ops page_diff = {
	.context = KEYS_DIFF,
	.state_size = sizeof(struct diff_page),
	.close = diff_close,
	.draw = diff_draw,
	.act = diff_act,
	.off = diff_off,
	.label = diff_label,
	.search = diff_search,
	.bar = diff_bar,
};

static void
put_hex(struct str *out, char sign, uint64_t offset, const struct str *bytes)
{
	for (size_t at = 0; at < bytes->len; at += DOC_HEX_BYTES) {
		size_t len = bytes->len - at < DOC_HEX_BYTES ? bytes->len - at : DOC_HEX_BYTES;

		str_printf(out, "%c %08" PRIx64 "  ", sign, offset + at);
		for (size_t i = 0; i < DOC_HEX_BYTES; i++)
			if (i < len)
				str_printf(out, "%02x ", (unsigned char)bytes->data[at + i]);
			else
				str_puts(out, "   ");
		str_putc(out, ' ');
		for (size_t i = 0; i < len; i++) {
			char c = bytes->data[at + i];

			str_putc(out, c >= 0x20 && c < 0x7f ? c : '.');
		}
		str_putc(out, '\n');
	}
}

/* Which of both say what: what only one of them needs stands out. */
static void
put_facts(struct str *out, const struct strlist *there, const struct strlist *here)
{
	for (size_t i = 0; i < there->count; i++)
		if (!strlist_has(here, there->items[i]))
			str_printf(out, "- %s\n", there->items[i]);
	for (size_t i = 0; i < here->count; i++)
		str_printf(
		    out, "%c %s\n", strlist_has(there, here->items[i]) ? ' ' : '+', here->items[i]);
	if (there->count + here->count > 0)
		str_putc(out, '\n');
}

static bool
is_same(const struct str *a, const struct str *b)
{
	return bytes_equal(
	    (struct bytes) { str_text(a), a->len }, (struct bytes) { str_text(b), b->len });
}

static void
show_diff(struct shell *s, struct diff_job *j)
{
	struct diff_page *st = shell_push(s, &page_diff, NULL)->state;
	uint64_t from = j->diff.first / DOC_HEX_BYTES * DOC_HEX_BYTES;
	struct str text = STR_EMPTY;

	st->t = j->t;
	st->base = j->base;
	st->title = mem_strdup(j->title);
	st->summary = mem_strdup(str_text(&j->diff.summary));
	if (j->diff.binary) {
		put_facts(&text, &j->diff.facts_there, &j->diff.facts_here);
		if (!is_same(&j->diff.there, &j->diff.here)) {
			put_hex(&text, '-', from, &j->diff.there);
			put_hex(&text, '+', from, &j->diff.here);
		}
		if (text.len == 0)
			str_puts(&text, "nothing to show\n");
		st->text.diff = true;
		pager_set_text(&st->pager, &st->text, str_text(&text), text.len);
	} else {
		patch_view_take(&st->patch, &j->diff.patch);
	}
	str_fini(&text);
}

/* --- the job --- */

static void
diff_run(void *arg, const atomic_bool *cancelled)
{
	struct diff_job *j = arg;

	if (!atomic_load(cancelled))
		compared_diff(j->compared, j->base, j->row, &j->diff, &j->err);
}

static void
diff_done(void *arg, bool cancelled)
{
	struct diff_job *j = arg;
	struct shell *s;

	if (j->t != NULL) {
		s = j->t->b->page->shell;
		j->t->diffing = NULL;
		if (j->err.code != ERR_OK)
			shell_message(s, ROLE_BAD, "%s", j->err.message);
		else if (!cancelled && shell_front(s) == j->t->b->page)
			show_diff(s, j);
	}
	if (j->owns)
		compared_free(j->compared);
	compared_diff_fini(&j->diff);
	free(j->title);
	free(j);
}

void
browser_diff_drop(struct browser_tab *t)
{
	struct diff_job *j = t->diffing;

	if (j == NULL)
		return;
	/* It reads what it was given until it ends. */
	j->owns = true;
	j->t = NULL;
	t->compared = NULL;
	t->diffing = NULL;
	worker_cancel(t->b->o.worker, j->job);
}

/* The item that is meant in the view in front. */
static size_t
item_here(const struct browser_tab *t)
{
	size_t node = browser_node(t);

	if (t->b->view == VIEW_COMPARE)
		return t->compare_list.cursor < t->compare_count
			   ? t->compare_rows[t->compare_list.cursor]
			   : SIZE_MAX;
	if (node == DIST_TREE_NONE || t->rows.tree.nodes[node].is_dir)
		return SIZE_MAX;
	return t->rows.tree.nodes[node].member;
}

void
browser_diff(struct browser_tab *t)
{
	struct shell *s = t->b->page->shell;
	enum compare_base base = t->base;
	size_t item = item_here(t), row;
	struct str title = STR_EMPTY;
	struct diff_job *j;

	if (t->diffing != NULL)
		return;
	row = browser_row_of(t, base, item);
	/* What is gone may be known to the other one alone. */
	if (row == SIZE_MAX && item != SIZE_MAX) {
		base = base == COMPARE_GIT ? COMPARE_RELEASE : COMPARE_GIT;
		row = browser_row_of(t, base, item);
	}
	if (row == SIZE_MAX) {
		shell_message(s, ROLE_DIM,
		    browser_with(t, base) == NULL ? "not compared: c chooses with what"
						  : "choose a file");
		return;
	}
	sanitise(t->rows.items[item].name.data, t->rows.items[item].name.len, &title);
	str_printf(&title, "   from %s", browser_with(t, base)->with);
	j = mem_zalloc(1, sizeof *j);
	*j = (struct diff_job) { .t = t,
		.compared = t->compared,
		.base = base,
		.row = row,
		.title = str_take(&title),
		.diff = COMPARED_DIFF_EMPTY };
	t->diffing = j;
	j->job = worker_submit(t->b->o.worker, diff_run, diff_done, j);
}

/* --- what to compare with --- */

static void
compare_anew(struct browser_tab *t, const char *rev, const char *against)
{
	if (t->b->o.compare == NULL)
		return;
	t->comparing = true;
	t->b->o.compare(t->b->o.arg, t->b, t->file, rev, against);
}

static void
on_rev(void *arg, const char *text)
{
	if (text != NULL && *text != '\0')
		compare_anew(arg, text, NULL);
}

static void
on_against(void *arg, const char *text)
{
	if (text != NULL && *text != '\0')
		compare_anew(arg, NULL, text);
}

enum base_choice { CHOOSE_GIT, CHOOSE_RELEASE, CHOOSE_REV, CHOOSE_FILE, CHOOSE_NONE };

static void
on_base(void *arg, size_t chosen)
{
	struct browser_tab *t = arg;
	struct shell *s = t->b->page->shell;

	if (chosen == CHOOSE_GIT || chosen == CHOOSE_RELEASE) {
		t->base = chosen == CHOOSE_GIT ? COMPARE_GIT : COMPARE_RELEASE;
		if (browser_with(t, t->base) == NULL)
			shell_message(s, ROLE_WARN, "%s",
			    browser_comparison(t, t->base) != NULL &&
				    browser_comparison(t, t->base)->why_not != NULL
				? browser_comparison(t, t->base)->why_not
				: "not compared");
	} else if (chosen == CHOOSE_REV) {
		shell_ask_text(s, "Which commit or tag?", NULL, NULL, on_rev, t);
	} else if (chosen == CHOOSE_FILE) {
		shell_ask_text(s, "Which wheel, sdist or version?",
		    "A file, or a version that the index has.", NULL, on_against, t);
	} else if (chosen == CHOOSE_NONE) {
		browser_diff_drop(t);
		compared_free(t->compared);
		t->compared = NULL;
		t->stamp = 0;
	}
}

void
browser_ask_base(struct browser_tab *t)
{
	static const char *const options[] = { [CHOOSE_GIT] = "show differences from git",
		[CHOOSE_RELEASE] = "show differences from the release before",
		[CHOOSE_REV] = "another commit or tag…",
		[CHOOSE_FILE] = "another file or version…",
		[CHOOSE_NONE] = "compare with nothing" };
	const struct shell_question q = { .title = "Compare with",
		.options = options,
		.count = ARRAY_LEN(options),
		.preset = t->base == COMPARE_GIT ? CHOOSE_GIT : CHOOSE_RELEASE };

	if (t->comparing)
		shell_message(t->b->page->shell, ROLE_DIM, "it is still being compared");
	else
		shell_ask(t->b->page->shell, &q, on_base, t);
}
