/* The journal: what is read again after anything that can happen to it. */
#include "journal.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "temp.h"

static struct journal *
created(const char *dir)
{
	struct journal *j = NULL;
	struct err e = ERR_EMPTY;

	cr_assert_eq(journal_create(dir, &j, &e), ERR_OK, "%s", e.message);
	return j;
}

static void
put(struct journal *j, const char *kind, const char *key)
{
	struct json *record = json_object_new();

	json_set_text(record, "key", key);
	cr_assert_eq(journal_write(j, kind, record, NULL), ERR_OK);
}

Test(journal, reads_again_what_it_wrote, .fini = leak_gate)
{
	char *dir = temp_dir(), *id = NULL;
	struct journal *j = created(dir);

	put(j, "begin", "a");
	put(j, "intent", "b\nwith a line break");
	journal_close(j);
	cr_expect(journal_unfinished(dir, &id));
	cr_assert_eq(journal_open(dir, &j, NULL), ERR_OK);
	cr_expect_str_eq(journal_id(j), id);
	cr_expect_eq(journal_count(j), 2);
	cr_expect_not_null(journal_last(j, "intent", "key", "b\nwith a line break"));
	cr_expect_null(journal_last(j, "intent", "key", "a"));
	put(j, "end", "c");
	journal_close(j);
	cr_expect(!journal_unfinished(dir, NULL));
	cr_expect_eq(journal_open(dir, &j, NULL), ERR_NOT_FOUND);
	free(id);
	temp_remove(dir);
}

/* Power lost in the middle of any line. */
Test(journal, drops_a_torn_last_line_at_every_byte, .fini = leak_gate)
{
	char *dir = temp_dir(), *text, *path;
	struct journal *j = created(dir);
	size_t len, first;

	put(j, "begin", "a");
	put(j, "intent", "b");
	path = mem_printf("slipway/%s/journal", journal_id(j));
	journal_close(j);
	text = temp_read(dir, path, &len);
	first = strcspn(text, "\n") + 1;
	for (size_t cut = 1; cut < len; cut++) {
		size_t want = cut >= first;

		temp_write(dir, path, text, cut);
		cr_assert_eq(journal_open(dir, &j, NULL), ERR_OK, "cut at %zu", cut);
		cr_expect_eq(journal_count(j), want, "cut at %zu", cut);
		put(j, "step", "c");
		journal_close(j);
		cr_assert_eq(journal_open(dir, &j, NULL), ERR_OK, "cut at %zu", cut);
		cr_expect_eq(journal_count(j), want + 1, "cut at %zu", cut);
		journal_close(j);
	}
	free(text);
	free(path);
	temp_remove(dir);
}

Test(journal, a_broken_line_in_the_middle_is_told, .fini = leak_gate)
{
	char *dir = temp_dir(), *path;
	struct journal *j = created(dir);
	struct err e = ERR_EMPTY;

	put(j, "begin", "a");
	path = mem_printf("slipway/%s/journal", journal_id(j));
	journal_close(j);
	temp_puts(dir, path, "{\"kind\": \"begin\"}\nrubbish\n{\"kind\": \"step\"}\n");
	cr_expect_neq(journal_open(dir, &j, &e), ERR_OK);
	cr_expect(strstr(e.message, "journal:2") != NULL, "%s", e.message);
	cr_expect(journal_unfinished(dir, NULL));
	free(path);
	temp_remove(dir);
}

Test(journal, another_process_is_told_who_holds_it, .fini = leak_gate)
{
	char *dir = temp_dir();
	struct journal *j = created(dir), *looking = NULL;
	char *holder = NULL;
	pid_t pid;
	int status;

	put(j, "begin", "a");
	pid = fork();

	if (pid == 0) {
		struct journal *other = NULL;
		struct err e = ERR_EMPTY;
		char mine[32];
		bool good;

		/* Not by the descriptor that came with the fork. */
		for (int fd = 3; fd < 64; fd++)
			close(fd);
		snprintf(mine, sizeof mine, "%ld", (long)getppid());
		good = journal_open(dir, &other, &e) == ERR_BUSY &&
		       strstr(e.message, mine) != NULL &&
		       journal_create(dir, &other, &e) == ERR_BUSY &&
		       journal_look(dir, &other, &holder, &e) == ERR_OK &&
		       journal_count(other) == 1 && strcmp(holder, mine) == 0;
		_exit(good ? 0 : 1);
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_expect_eq(status, 0);
	journal_close(j);
	/* To look takes no lock, and says that nobody has it. */
	cr_assert_eq(journal_look(dir, &looking, &holder, NULL), ERR_OK);
	cr_expect_null(holder);
	cr_assert_eq(journal_open(dir, &j, NULL), ERR_OK);
	journal_close(looking);
	journal_close(j);
	temp_remove(dir);
}

Test(journal, takes_no_second_release_and_forgets_a_discarded_one, .fini = leak_gate)
{
	char *dir = temp_dir();
	struct journal *j = created(dir), *other = NULL;

	put(j, "begin", "a");
	journal_close(j);
	cr_expect_eq(journal_create(dir, &other, NULL), ERR_EXISTS);
	cr_assert_eq(journal_open(dir, &j, NULL), ERR_OK);
	journal_discard(j);
	cr_expect(!journal_unfinished(dir, NULL));
	j = created(dir);
	journal_discard(j);
	temp_remove(dir);
}

Test(journal, prunes_old_releases_and_nothing_else, .fini = leak_gate)
{
	char *dir = temp_dir(), *base = fs_join(dir, "slipway");
	struct strlist names = STRLIST_EMPTY;
	struct journal *j;

	for (int i = 0; i < 6; i++) {
		char path[64];

		snprintf(path, sizeof path, "slipway/2020010%dT000000-1/journal", i + 1);
		temp_puts(dir, path, "{\"kind\": \"end\"}\n");
		snprintf(path, sizeof path, "slipway/1-mine-%d/note", i);
		temp_puts(dir, path, "not a release\n");
	}
	j = created(dir);
	cr_assert_eq(fs_list(base, &names, NULL), ERR_OK);
	/* Three that ended, the new one, the lock, and six folders of somebody's. */
	cr_expect_eq(names.count, 3 + 1 + 1 + 6);
	cr_expect(strlist_has(&names, "20200106T000000-1"));
	cr_expect(!strlist_has(&names, "20200103T000000-1"));
	strlist_fini(&names);
	journal_discard(j);
	free(base);
	temp_remove(dir);
}
