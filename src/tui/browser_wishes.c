/* What opens in front of the browser: why a finding, a reason, a name to save under, a line. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "browser_priv.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/dist/archive.h"
#include "slipway/os/fs.h"

#define WRAP 74

const struct finding *
browser_finding(const struct browser_tab *t, size_t index)
{
	return &browser_findings(t)->items[index];
}

/* The one that is selected, that was jumped to, or the first about the selected member. */
const struct finding *
browser_finding_here(const struct browser_tab *t)
{
	const struct findings *f = browser_findings(t);
	size_t member = browser_member(t);

	if (f == NULL || f->count == 0)
		return NULL;
	if (t->b->view == VIEW_FINDINGS)
		return t->findings_list.cursor < f->count ? &f->items[t->findings_list.cursor]
							  : NULL;
	if (t->finding < f->count && f->items[t->finding].index == member &&
	    member != FINDING_NO_MEMBER)
		return &f->items[t->finding];
	for (size_t i = 0; i < f->count && member != FINDING_NO_MEMBER; i++)
		if (f->items[i].index == member)
			return &f->items[i];
	return NULL;
}

/* Words of TEXT in lines of a width that is easy to read. */
static void
put_wrapped(struct str *out, const char *text)
{
	size_t column = 0;

	while (*text != '\0') {
		size_t len = strcspn(text, " ");

		if (column > 0 && column + 1 + len > WRAP) {
			str_putc(out, '\n');
			column = 0;
		} else if (column > 0) {
			str_putc(out, ' ');
			column++;
		}
		str_append(out, text, len);
		column += len;
		text += len + (text[len] == ' ');
	}
	str_puts(out, "\n\n");
}

void
browser_why(struct browser_tab *t)
{
	const struct finding *f = browser_finding_here(t);
	const struct dist_rule *rule;
	struct str text = STR_EMPTY;

	if (f == NULL) {
		shell_message(t->b->page->shell, ROLE_DIM, "no finding here: ] goes to the next");
		return;
	}
	rule = dist_rule(f->rule);
	put_wrapped(&text, f->message);
	if (f->member != NULL && f->line > 0)
		str_printf(&text, "In %s, line %zu.\n\n", f->member, f->line);
	else if (f->member != NULL)
		str_printf(&text, "In %s.\n\n", f->member);
	str_printf(&text, "%s: %s\n\n", finding_severity_name(f->severity), rule->title);
	put_wrapped(&text, rule->meaning);
	str_puts(&text, "What to do: ");
	put_wrapped(&text, rule->fix);
	if (browser_reason(t, f) != NULL)
		str_printf(&text, "Acknowledged: %s\n", browser_reason(t, f));
	shell_show_text(t->b->page->shell, rule->id, str_text(&text), text.len, false);
	str_fini(&text);
}

/* --- acknowledging --- */

/* What makes it the same finding; with the file's hash, for whoever keeps it longer. */
static char *
key_of(const struct finding *f)
{
	return mem_printf("%s %zu %zu %s", dist_rule(f->rule)->id, f->index, f->line, f->message);
}

const char *
browser_reason(const struct browser_tab *t, const struct finding *f)
{
	size_t at;
	char *key;

	if (f->reason != NULL || t->acknowledged.count == 0)
		return f->reason;
	key = key_of(f);
	at = strlist_find(&t->acknowledged, key);
	free(key);
	return at < t->acknowledged.count ? t->reasons.items[at] : NULL;
}

/* It may be about the other files as well. */
static void
said_again(struct browser *b)
{
	for (size_t i = 0; i < b->o.files; i++)
		b->tabs[i].stamp = 0;
	browser_redraw(b);
}

static void
acknowledge(struct browser_tab *t, const struct finding *f, const char *reason)
{
	struct err e = ERR_EMPTY;
	char *key;

	if (t->b->o.acknowledge != NULL &&
	    t->b->o.acknowledge(t->b->o.arg, t->file, f, reason, &e) != ERR_OK) {
		shell_message(t->b->page->shell, ROLE_BAD, "%s", e.message);
		return;
	}
	if (t->b->o.acknowledge == NULL) {
		key = key_of(f);
		strlist_take(&t->acknowledged, key);
		strlist_add(&t->reasons, reason);
	}
	said_again(t->b);
}

static void
take_back(struct browser_tab *t, const struct finding *f)
{
	const char *id = dist_rule(f->rule)->id;
	struct err e = ERR_EMPTY;
	char *key = key_of(f);
	size_t at = strlist_find(&t->acknowledged, key);

	free(key);
	if (at < t->acknowledged.count) {
		strlist_remove(&t->acknowledged, at);
		strlist_remove(&t->reasons, at);
	} else if (t->b->o.acknowledge == NULL) {
		err_set(&e, ERR_USAGE, "acknowledged where it is kept: take it out there");
	} else {
		t->b->o.acknowledge(t->b->o.arg, t->file, f, NULL, &e);
	}
	said_again(t->b);
	if (e.code != ERR_OK)
		shell_message(t->b->page->shell, ROLE_BAD, "%s", e.message);
	else
		shell_message(t->b->page->shell, ROLE_TEXT, "%s counts again", id);
}

static void
on_reason(void *arg, const char *text)
{
	struct browser_tab *t = arg;
	const struct finding *f = browser_finding_here(t);

	if (text == NULL || f == NULL)
		return;
	if (text[strspn(text, " \t")] == '\0') {
		shell_message(t->b->page->shell, ROLE_WARN,
		    "it is only acknowledged with a reason that others can judge");
		return;
	}
	acknowledge(t, f, text);
}

void
browser_acknowledge(struct browser_tab *t)
{
	const struct finding *f = browser_finding_here(t);
	char *title;

	if (f == NULL) {
		shell_message(t->b->page->shell, ROLE_DIM, "no finding here: ] goes to the next");
		return;
	}
	if (browser_reason(t, f) != NULL) {
		take_back(t, f);
		return;
	}
	title = mem_printf("Acknowledge %s?", dist_rule(f->rule)->id);
	shell_ask_text(
	    t->b->page->shell, title, "Why is it fine? It is kept for these bytes alone.", NULL,
	    on_reason, t);
	free(title);
}

/* --- the address of a line --- */

void
browser_address(struct browser_tab *t)
{
	size_t member = browser_member_here(t);
	size_t line = member == t->member && (t->b->in_preview || t->b->wide)
			  ? browser_preview_line(t)
			  : 0;
	struct str text = STR_EMPTY;

	str_puts(&text, t->shown);
	if (member != FINDING_NO_MEMBER) {
		str_putc(&text, '!');
		sanitise(t->rows.items[member].name.data, t->rows.items[member].name.len, &text);
	}
	if (line > 0)
		str_printf(&text, ":%zu", line);
	str_putc(&text, '\n');
	shell_show_text(t->b->page->shell, "Address", str_text(&text), text.len, false);
	str_fini(&text);
}

/* --- a line or an offset --- */

static void
on_place(void *arg, const char *text)
{
	struct browser_tab *t = arg;
	char *end;
	unsigned long long n;

	if (text == NULL || *text == '\0')
		return;
	errno = 0;
	n = strtoull(text, &end, 0);
	if (errno != 0 || *end != '\0' || end == text || *text == '-') {
		shell_message(t->b->page->shell, ROLE_WARN, "that is no number");
		return;
	}
	t->b->in_preview = true;
	if (strcmp(browser_view_name(t), "hex") == 0) {
		t->go_offset_set = true;
		t->go_offset = n;
	} else {
		t->go_line = n > 0 ? (size_t)n : 1;
	}
}

void
browser_ask_place(struct browser_tab *t)
{
	bool hex = strcmp(browser_view_name(t), "hex") == 0;

	shell_ask_text(t->b->page->shell, hex ? "To which offset?" : "To which line?",
	    hex ? "Decimal, or hexadecimal with 0x in front." : NULL, NULL, on_place, t);
}

/* --- saving --- */

struct wish {
	struct browser_tab *tab;
	size_t member;
	char *path;
};

static void
wish_free(struct wish *w)
{
	free(w->path);
	free(w);
}

static void on_saved(void *arg, const char *path, const struct err *e);

static void
on_replace(void *arg, size_t chosen)
{
	struct wish *w = arg;

	if (chosen == 1)
		browser_store_save(w->tab->store, w->member, w->path, true, on_saved, w->tab);
	wish_free(w);
}

static void
ask_replace(struct browser_tab *t, size_t member, const char *path)
{
	static const char *const options[] = { "keep it", "replace it" };
	char *text = mem_printf("%s is there already.", path);
	struct wish *w = mem_zalloc(1, sizeof *w);
	struct shell_question q = {
		.title = "Replace?", .text = text, .options = options, .count = 2, .danger = true
	};

	*w = (struct wish) { t, member, mem_strdup(path) };
	shell_ask(t->b->page->shell, &q, on_replace, w);
	free(text);
}

static void
on_saved(void *arg, const char *path, const struct err *e)
{
	struct browser_tab *t = arg;

	if (e != NULL)
		shell_message(t->b->page->shell, ROLE_BAD, "%s", e->message);
	else
		shell_message(t->b->page->shell, ROLE_GOOD, "saved as %s", path);
}

static void
on_name(void *arg, const char *text)
{
	struct wish *w = arg;

	if (text != NULL && *text != '\0') {
		if (fs_exists(text))
			ask_replace(w->tab, w->member, text);
		else
			browser_store_save(
			    w->tab->store, w->member, text, false, on_saved, w->tab);
	}
	wish_free(w);
}

void
browser_ask_save(struct browser_tab *t)
{
	size_t member = browser_member(t);
	struct wish *w;

	if (member == FINDING_NO_MEMBER) {
		shell_message(t->b->page->shell, ROLE_DIM, "choose a file of this package");
		return;
	}
	w = mem_zalloc(1, sizeof *w);
	*w = (struct wish) { t, member, NULL };
	shell_ask_text(t->b->page->shell, "Save as", "The name of a new file. The name in the "
						     "archive is never used.",
	    NULL, on_name, w);
}
