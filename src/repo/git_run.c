/* Git on the loop: quietly with its output kept, or in the foreground on a terminal that was lent.
 */
#include "slipway/repo/git_run.h"

#include <stdlib.h>
#include <unistd.h>
#include <string.h>

#include "slipway/base/log.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/os/fs.h"
#include "slipway/os/loop.h"

#define OUTPUT_MAX	  (1024 * 1024)
#define NETWORK_TIMEOUT	  (10 * 60 * 1000ULL)
#define HOOKS_TIMEOUT	  (60 * 60 * 1000ULL)

struct git_run {
	struct process	   *process;
	struct git_cmd	    cmd; /* kind, argv, description and network alone */
	struct git_run_opts opts;
	struct str	    out, err;
	char		   *temp; /* a folder for the message of a run in the foreground */
};

static void
run_free(struct git_run *r)
{
	if (r->temp != NULL)
		fs_remove_tree(r->temp, NULL);
	free(r->temp);
	git_cmd_fini(&r->cmd);
	str_fini(&r->out);
	str_fini(&r->err);
	free(r);
}

/* Whoever is asked for a password wants to see what was wrong with the last one. */
static void
show(const char *data, size_t len)
{
	struct str safe = STR_EMPTY;

	sanitise_text(data, len, &safe);
	(void)fd_write_all(STDERR_FILENO, str_text(&safe), safe.len, NULL);
	str_fini(&safe);
}

/* Data from its start on, errors at their end: what went wrong is said last. */
static void
on_output(void *arg, enum process_stream stream, const char *data, size_t len)
{
	struct git_run *r = arg;
	size_t		max = r->opts.max_output, left = max > r->out.len ? max - r->out.len : 0;

	if (stream == PROCESS_STDOUT) {
		str_append(&r->out, data, len < left ? len : left);
	} else {
		if (r->opts.foreground)
			show(data, len);
		str_append(&r->err, data, len);
		if (r->err.len > 2 * max)
			str_splice(&r->err, 0, r->err.len - max, NULL, 0);
	}
	if (r->opts.on_output != NULL)
		r->opts.on_output(r->opts.arg, stream, data, len);
}

static void
on_end(void *arg, const struct process_end *end)
{
	struct git_run	  *r = arg;
	struct str	   masked = STR_EMPTY;
	struct git_verdict v = { .err = ERR_EMPTY };
	struct git_result  result = { .end = *end };

	repo_mask_urls(str_text(&r->err), r->err.len, &masked);
	result.out = (struct bytes){ str_text(&r->out), r->out.len };
	result.err = (struct bytes){ str_text(&masked), masked.len };
	if (!process_end_ok(end)) {
		git_explain(&r->cmd, end, result.out, result.err, &v);
		result.failure = &v.err;
		result.needs_terminal = v.needs_terminal && !r->opts.foreground;
		result.hook = v.hook;
		log_debug("%s", v.err.message);
	}
	r->opts.on_done(r->opts.arg, &result);
	str_fini(&masked);
	run_free(r);
}

/* Standard input is the terminal then, so that the message has to come from a file. */
static enum err_code
message_to_file(struct git_run *r, const struct git_cmd *cmd, struct err *e)
{
	size_t	      at = strlist_find(&r->cmd.argv, "-F");
	char	     *path;
	enum err_code rc;

	if (at + 1 >= r->cmd.argv.count || strcmp(r->cmd.argv.items[at + 1], "-") != 0)
		return ERR_OK;
	rc = fs_temp_dir("slipway-message", &r->temp, e);
	if (rc != ERR_OK)
		return rc;
	path = fs_join(r->temp, "message");
	rc = fs_write(path, str_text(&cmd->input), cmd->input.len, 0600, e);
	mem_set(&r->cmd.argv.items[at + 1], path);
	free(path);
	return rc;
}

static uint64_t
timeout_of(const struct git_cmd *cmd, const struct git_run_opts *o)
{
	if (o->foreground)
		return 0;
	if (o->timeout_ms > 0)
		return o->timeout_ms;
	return cmd->network ? NETWORK_TIMEOUT : HOOKS_TIMEOUT;
}

enum err_code
git_run_start(struct loop *l, const struct git_cmd *cmd, const struct git_run_opts *o,
    struct git_run **out, struct err *e)
{
	struct git_run	   *r = mem_zalloc(1, sizeof *r);
	struct strlist	    env = STRLIST_EMPTY;
	struct str	    line = STR_EMPTY;
	struct process_opts p = { .on_output = on_output, .on_end = on_end, .arg = r };
	enum err_code	    rc = ERR_OK;

	r->opts = *o;
	if (r->opts.max_output == 0)
		r->opts.max_output = OUTPUT_MAX;
	r->cmd = (struct git_cmd){ .kind = cmd->kind, .network = cmd->network,
		.description = mem_strdup(cmd->description) };
	strlist_copy(&r->cmd.argv, &cmd->argv);
	git_cmd_text(cmd, &line);
	log_debug("run %s", str_text(&line));
	if (o->foreground) {
		rc = message_to_file(r, cmd, e);
		git_cmd_lent_env(cmd, &env);
	} else {
		git_cmd_quiet_env(cmd, &env);
	}
	p.argv = (const char *const *)r->cmd.argv.items;
	p.cwd = cmd->cwd;
	p.env = (const char *const *)env.items;
	p.mode = o->foreground ? PROCESS_FOREGROUND : PROCESS_PIPES;
	p.timeout_ms = timeout_of(cmd, o);
	if (!o->foreground && cmd->input.len > 0) {
		p.input = str_text(&cmd->input);
		p.input_len = cmd->input.len;
	}
	if (rc == ERR_OK)
		rc = process_start(l, &p, &r->process, e);
	if (rc == ERR_NOT_FOUND)
		err_hint(e, "install git, for example: apt install git");
	if (rc == ERR_OK && out != NULL)
		*out = r;
	if (rc != ERR_OK)
		run_free(r);
	strlist_fini(&env);
	str_fini(&line);
	return rc;
}

void
git_run_cancel(struct git_run *r)
{
	process_cancel(r->process);
}
