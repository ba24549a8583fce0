/* Runs git commands on the loop and says what their failures mean. */
#ifndef SLIPWAY_REPO_GIT_RUN_H
#define SLIPWAY_REPO_GIT_RUN_H

#include <stdint.h>

#include "slipway/os/process.h"
#include "slipway/repo/git.h"

struct git_run;

/* Everything is borrowed until the callback returns. */
struct git_result {
	struct process_end end;
	struct bytes	   out; /* from its start */
	struct bytes	   err; /* its end; credentials in URLs masked */
	/* It failed because it may not ask: lend it the terminal and run it again in the
	 * foreground. */
	bool		   needs_terminal;
	bool		   hook; /* a hook stopped it: it may be run again without hooks */
	const struct err  *failure; /* NULL when it succeeded */
};
typedef void (*git_done_fn)(void *arg, const struct git_result *r);

struct git_run_opts {
	bool foreground; /* on the user's terminal, which the front has given over: git asks there,
			    and what it complains about is shown there too */
	uint64_t timeout_ms; /* 0: 10 minutes with a network, else an hour (hooks); never in the
				foreground */
	size_t		  max_output; /* bytes a stream; 0: 1 MiB */
	process_output_fn on_output;  /* as it comes, not masked; may be NULL */
	git_done_fn	  on_done;    /* required; never called before git_run_start() returned */
	void		 *arg;
};

/* CMD is copied as far as needed. *OUT is borrowed, and gone after on_done. */
enum err_code git_run_start(struct loop *l, const struct git_cmd *cmd, const struct git_run_opts *o,
    struct git_run **out, struct err *e);
void	      git_run_cancel(struct git_run *r); /* on_done still comes, with ERR_CANCELLED */

/* What an unsuccessful end means, from what git and the remote printed. */
struct git_verdict {
	bool	   needs_terminal;
	bool	   hook;
	struct err err;
};
void git_explain(const struct git_cmd *cmd, const struct process_end *end, struct bytes out,
    struct bytes err, struct git_verdict *v);

#endif
