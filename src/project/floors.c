/* What a requirement on a sibling must say after the release: an edit of one token, or a question.
 */
#include "floors.h"

#include <stdlib.h>
#include <string.h>

#include "deps.h"
#include "deps_files.h"
#include "slipway/base/mem.h"
#include "slipway/project/name.h"
#include "slipway/project/requirement.h"

/* Where a requirement stands: the string NODE, or bytes of FILE from AT on. */
struct where {
	size_t file;
	const struct toml_node *node;
	size_t at;
	const char *what;
	bool hashed;
	bool repeats; /* what another file says: questions are asked of that one */
};

/* The member that NAME means, when it is released; COUNT otherwise. */
static size_t
sibling_of(const struct floors_search *s, struct bytes name)
{
	size_t i = 0;

	while (i < s->packages->count &&
	       !name_equal(bytes_of(s->packages->items[i].normal), name))
		i++;
	return i < s->packages->count && s->targets[i] != NULL ? i : s->packages->count;
}

/* OLD names a series that CURRENT is of, and so does what replaces it: ~1.0 for 1.0.3. */
static bool
is_series(const struct version *old, const char *next, const struct version *current)
{
	struct version v = VERSION_EMPTY;
	size_t count = version_release_len(old);
	bool same = version_parse(next, &v, NULL) == ERR_OK && version_release_len(&v) == count &&
		    count < version_release_len(current);

	for (size_t i = 0; i < count && same; i++)
		same = bytes_equal(version_release_at(old, i), version_release_at(current, i));
	version_fini(&v);
	return same;
}

/* What a floor says of its sibling's current version: nothing, or a mismatch to show. */
static void
judge(const struct floors_search *s, struct place *place)
{
	const struct package *sibling = &s->packages->items[place->follows];
	struct version old = VERSION_EMPTY;
	/* A clause that becomes a pin has its operator in it. */
	const char *text = place->old_text + strspn(place->old_text, "<>=~^ \t");
	bool known = version_parse(text, &old, NULL) == ERR_OK && sibling->version.normal != NULL;

	place->included = true;
	if (known && version_compare(&old, &sibling->version) != 0 &&
	    !is_series(&old, place->new_text, &sibling->version)) {
		bool higher = version_compare(&old, &sibling->version) > 0;

		place->included = s->packages->lockstep || higher;
		place_note(place, mem_printf("stands at %s, while %s is at %s%s", text,
				      sibling->name, version_text(&sibling->version),
				      place->included ? "" : ": left alone unless you include it"));
	}
	version_fini(&old);
}

/* The user's wish for all requirements of a package; what stands higher than the released version
 * is a mismatch to show in any case. */
static void
follow_policy(const struct floors_search *s, struct place *place)
{
	switch (s->policy) {
	case PLACE_POLICY_FLOOR:
	case PLACE_POLICY_PIN:
		return;
	case PLACE_POLICY_LEAVE:
		place_note(place, mem_strdup("the configuration leaves requirements alone"));
		break;
	case PLACE_POLICY_ASK:
		place->question = true;
		place_note(place,
		    mem_printf("shall it ask for %s %s?", s->packages->items[place->follows].name,
			version_text(s->targets[place->follows])));
		break;
	}
	place->included = false;
}

static enum floor_how
how_to(const struct floors_search *s)
{
	return s->policy == PLACE_POLICY_PIN ? FLOOR_PIN : FLOOR_RAISE;
}

/* TEXT is what stands at W; FLOOR, which counts from its start, is taken apart. */
static void
add_place(const struct floors_search *s, const struct where *w, size_t sibling, struct bytes text,
    struct floor *floor)
{
	struct place *place;

	if (floor->result == FLOOR_NONE || floor->result == FLOOR_SAME ||
	    (floor->result == FLOOR_ASK && w->repeats))
		return;
	if (w->node != NULL) {
		char *path;

		place = places_add_toml(s->out, PLACE_FOLLOWS, s->package, w->file, w->node);
		path = place->what;
		place->what = mem_printf("%s floor", path);
		free(path);
	} else {
		const struct str *all = &s->out->files[w->file].text;

		place = places_add(s->out, PLACE_FOLLOWS, s->package, w->file);
		place->line = place_line((struct bytes) { str_text(all), all->len }, w->at);
		place->what = mem_printf("%s floor", w->what);
	}
	place->follows = sibling;
	if (floor->result == FLOOR_ASK || w->hashed) {
		place->old_text = mem_strndup(text.data, text.len);
		place->question = true;
		place_note(place, floor->result == FLOOR_ASK
				      ? floor->why
				      : mem_printf("%.*s is pinned with hashes, which only the "
						   "tool that wrote them can renew",
					    (int)text.len, text.data));
		if (floor->result == FLOOR_ASK)
			floor->why = NULL;
		return;
	}
	place->old_text = mem_strndup(text.data + floor->token.at, floor->token.len);
	place->new_text = mem_strdup(floor->text);
	place->at->part = floor->token;
	if (w->node == NULL) {
		place->at->splice_count = 1;
		place->at->splices[0] = (struct place_splice) {
			{ w->at + floor->token.at, floor->token.len }, mem_strdup(floor->text) };
	}
	judge(s, place);
	follow_policy(s, place);
	place->question = place->question && !w->repeats;
}

/* A PEP 508 requirement. */
static void
add_requirement(
    const struct floors_search *s, const struct where *w, size_t sibling, struct bytes text)
{
	struct requirement r = REQUIREMENT_EMPTY;
	struct floor floor = FLOOR_EMPTY;

	if (requirement_parse(text, &r, NULL) != ERR_OK)
		return;
	requirement_raise(&r, text, s->targets[sibling], how_to(s), &floor);
	add_place(s, w, sibling, text, &floor);
	floor_fini(&floor);
	requirement_fini(&r);
}

/* -- Poetry -- */

/* ~1.2 means <1.3 and ~1 means <2: the count of numbers is the upper bound, so it stays. A
 * pre-release must be named in full, or it is not admitted. */
static char *
spell_sign(char sign, const struct version *old, const struct version *target)
{
	struct str out = STR_EMPTY;
	size_t count = version_release_len(old);

	if (sign != '~' || version_is_pre(target) || count >= version_release_len(target))
		return mem_strdup(version_text(target));
	str_append(&out, version_text(target), target->release.at);
	for (size_t i = 0; i < count; i++) {
		struct bytes b = version_release_at(target, i);

		str_printf(&out, "%s%.*s", i > 0 ? "." : "", (int)b.len, b.data);
	}
	return str_take(&out);
}

/* "^1.0", "~1.0" and the pin "1.0". */
static bool
raise_signed(
    const char *constraint, const struct version *target, enum floor_how how, struct floor *out)
{
	char sign = constraint[0] == '^' || constraint[0] == '~' ? constraint[0] : '\0';
	const char *rest = constraint + (sign != '\0');
	size_t space = strspn(rest, " \t");
	struct version old = VERSION_EMPTY;

	if ((sign == '~' && rest[0] == '=') || version_parse(rest + space, &old, NULL) != ERR_OK)
		return false;
	/* Without a sign it is a pin. */
	out->token.at = how == FLOOR_PIN ? 0 : (size_t)(rest - constraint) + space;
	out->token.len = strlen(constraint) - out->token.at;
	out->text = spell_sign(how == FLOOR_PIN ? '\0' : sign, &old, target);
	out->result = strcmp(constraint + out->token.at, out->text) == 0 ||
			      (sign != '~' && (sign == '\0' || how == FLOOR_RAISE) &&
				  version_compare(&old, target) == 0)
			  ? FLOOR_SAME
			  : FLOOR_EDIT;
	version_fini(&old);
	return true;
}

/* The constraints that PEP 440 knows as well: read as a requirement, with PREFIX bytes before. */
static bool
raise_specifiers(const char *constraint, struct bytes name, const struct version *target,
    enum floor_how how, struct floor *out)
{
	bool wildcard = constraint[0] >= '0' && constraint[0] <= '9';
	struct str text = STR_EMPTY;
	struct requirement r = REQUIREMENT_EMPTY;
	size_t prefix;
	bool ok;

	str_append(&text, name.data, name.len);
	str_puts(&text, wildcard ? "==" : "");
	prefix = text.len;
	str_puts(&text, constraint);
	ok = requirement_parse((struct bytes) { text.data, text.len }, &r, NULL) == ERR_OK &&
	     r.specifiers.count > 0;
	if (ok) {
		requirement_raise(&r, (struct bytes) { text.data, text.len }, target, how, out);
		if (out->result == FLOOR_EDIT)
			out->token.at -= prefix;
	}
	requirement_fini(&r);
	str_fini(&text);
	return ok;
}

/* A constraint that stands without the name of what it constrains. */
static void
add_constraint(
    const struct floors_search *s, const struct where *w, size_t sibling, const struct dep *dep)
{
	const char *constraint = dep->node->text;
	struct floor floor = FLOOR_EMPTY;

	if (strcmp(constraint, "*") == 0)
		return;
	if (!raise_signed(constraint, s->targets[sibling], how_to(s), &floor) &&
	    !raise_specifiers(constraint, dep->name, s->targets[sibling], how_to(s), &floor)) {
		floor.result = FLOOR_ASK;
		floor.why = mem_printf("Slipway does not read \"%s\": see that it admits %s %s",
		    constraint, s->packages->items[sibling].name,
		    version_text(s->targets[sibling]));
	}
	add_place(s, w, sibling, bytes_of(constraint), &floor);
	floor_fini(&floor);
}

void
floors_pyproject(const struct floors_search *s, size_t file)
{
	struct deps d;

	deps_collect(s->out->files[file].doc, &d);
	for (size_t i = 0; i < d.count; i++) {
		const struct dep *dep = &d.items[i];
		struct where w = { .file = file, .node = dep->node };
		size_t sibling = sibling_of(s, dep->name);

		if (sibling == s->packages->count || sibling == s->package || dep->node == NULL ||
		    dep->node->kind != TOML_STRING)
			continue;
		if (dep->poetry)
			add_constraint(s, &w, sibling, dep);
		else
			add_requirement(s, &w, sibling,
			    (struct bytes) { dep->node->text, dep->node->text_len });
	}
	deps_fini(&d);
}

/* -- uv.lock -- */

/* { name = "core", specifier = ">=1.0" }; a member of a workspace has no specifier there. */
static void
add_locked(const struct floors_search *s, size_t file, const struct toml_node *list)
{
	for (const struct toml_node *n = toml_first(list); n != NULL; n = n->next) {
		const struct toml_node *specifier = toml_get(n, "specifier");
		const char *name = toml_text(n, "name");
		struct where w = { .file = file, .node = specifier, .repeats = true };
		struct dep dep = { .node = specifier };
		size_t sibling;

		if (name == NULL || specifier == NULL || specifier->kind != TOML_STRING)
			continue;
		dep.name = bytes_of(name);
		sibling = sibling_of(s, dep.name);
		if (sibling < s->packages->count && sibling != s->package)
			add_constraint(s, &w, sibling, &dep);
	}
}

void
floors_uv_lock(const struct floors_search *s, const char *lock)
{
	const struct package *pkg = &s->packages->items[s->package];
	const struct toml_node *entries, *metadata, *groups;
	size_t file;

	if (!text_ends(lock, "uv.lock") ||
	    places_open(s->out, s->root, lock, &file, NULL) != ERR_OK)
		return;
	entries = toml_get(toml_root(s->out->files[file].doc), "package");
	for (const struct toml_node *n = toml_first(entries); n != NULL; n = n->next) {
		if (!lock_entry_is(n, lock, pkg->normal, pkg->dir))
			continue;
		metadata = toml_get(n, "metadata");
		add_locked(s, file, toml_get(metadata, "requires-dist"));
		groups = toml_get(metadata, "requires-dev");
		for (const struct toml_node *g = toml_first(groups); g != NULL; g = g->next)
			add_locked(s, file, g);
	}
}

void
floors_files(const struct floors_search *s, const char *dir)
{
	struct deps_files files = DEPS_FILES_EMPTY;

	deps_files_read(s->root, dir, DEPS_ALL, &files);
	for (size_t i = 0; i < files.count; i++) {
		struct deps_file *f = &files.items[i];

		for (size_t k = 0; k < f->deps.count; k++) {
			const struct dep_text *d = &f->deps.items[k];
			struct where w = {
				.at = d->span.at, .what = d->where, .hashed = d->hashed
			};
			size_t sibling = sibling_of(s, d->name);

			if (sibling == s->packages->count ||
			    places_open(s->out, s->root, f->path, &w.file, NULL) != ERR_OK ||
			    strcmp(str_text(&s->out->files[w.file].text), str_text(&f->text)) != 0)
				continue;
			add_requirement(s, &w, sibling,
			    (struct bytes) { str_text(&f->text) + d->span.at, d->span.len });
		}
	}
	deps_files_fini(&files);
}
