/* A whole wizard on a real repository and real indexes on loopback, with a front that answers from
 * a table. Nothing of it leaves the test's directory. */
#ifndef SLIPWAY_TESTS_RIG_H
#define SLIPWAY_TESTS_RIG_H

#include "gitrepo.h"
#include "leak_gate.h"
#include "slipway/base/strlist.h"
#include "slipway/index/server.h"
#include "slipway/os/loop.h"
#include "slipway/wizard/wizard.h"
#include "temp.h"

/* What the front does when a question opens. */
enum rig_act { RIG_ANSWER, RIG_CANCEL, RIG_KILL, RIG_BACK };

struct rig_answer {
	enum question_id id;
	const char *text; /* NULL with another act; a token is typed as it is here */
	enum rig_act act;
	/* Called before the answer is given; may be NULL. */
	void (*before)(void *rig);
};

struct rig {
	char *dir, *repo, *remote, *config, *common;
	struct index_server *test, *production;
	struct loop *loop;
	struct wizard *w;
	const struct rig_answer *answers; /* used in their order for each id; the last one stays */
	size_t answer_count, used[ASK_COUNT];
	const char *reason; /* goes with answers that take one; may be NULL */
	struct strlist asked; /* "STEP: title" of each question */
	const struct question *open;
	struct strlist lines; /* preflight, after the run: "id sign text" */
	struct err err;	      /* of the end */
	bool own_config; /* the repository's, not --config */
	bool finished, killed;
	enum rig_act act;
	struct rig_answer pending;
};

/* For the MORE of tests that look at what setuptools makes of the project. */
#define RIG_REAL_BUILD                                                                             \
	"build = [\"{python}\", \"-m\", \"build\", \"--no-isolation\", \"--outdir\", \"{outdir}\"]"
/* Two packages in lock step at 1.0.3 with a remote, and two indexes. MORE: further lines for
 * [release] in the configuration, which builds with tests/support/fast_build.py otherwise; TABLES:
 * further tables. Both may be NULL. */
struct rig rig_new(const char *more, const char *tables);
void rig_end(struct rig *r);
/* Writes the configuration anew. */
void rig_configure(struct rig *r, const char *more, const char *tables);
/* Runs to the end, or to a kill. OPTS' dir and config_path are the rig's when NULL. */
void rig_run(
    struct rig *r, struct wizard_opts opts, const struct rig_answer *answers, size_t count);
/* The same, on the mode alone, with nobody there. */
void rig_run_mode(struct rig *r, enum wizard_mode mode);
/* The state of the user's tree, index and branch, of all references, as one text; owned. */
char *rig_snapshot(const struct rig *r);
bool rig_asked(const struct rig *r, const char *part);
/* The preflight line ID of the last run: "look 1 changed, ..."; NULL when there is none. */
const char *rig_line(const struct rig *r, const char *id);
/* COMMON/slipway has a release in it. */
bool rig_has_state(const struct rig *r);
/* The path of the one release's directory, owned. */
char *rig_state_dir(const struct rig *r);
/* How many files the index has. */
size_t rig_files_on(const struct rig *r, struct index_server *s);

#endif
