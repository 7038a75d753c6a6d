/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session.c - what is attached, and what is left to show when it dies.
 *
 * Looking goes through the view and makes us no member of the DC, so that a MUK
 * that dies leaves nothing behind on our account. The last state with a MUK in
 * it is kept: after its death all looking commands show that.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <inspect.h>
#include <recording.h>

#include "folders.h"
#include "result.h"
#include "session.h"
#include "talk.h"

void session_init(struct shell *shell)
{
	memset(shell, 0, sizeof(*shell));
	shell->own_ep = NONE;
	shell->out = stdout;
	shell->timeout_ms = 10000;
	snprintf(shell->fs_name, sizeof(shell->fs_name), "fs");
	strcpy(shell->cwd, "/");
}

void session_deinit(struct shell *shell)
{
	result_set(shell, NULL);
	session_detach(shell);
}

static void forget_view(struct shell *shell)
{
	dvk_snapshot_free(shell->last);
	shell->last = NULL;
	patient_close(shell->patient);
	shell->patient = NULL;
	shell->view = NULL;
	shell->file[0] = '\0';
	shell->lost = 0;
}

void session_detach(struct shell *shell)
{
	session_release_slot(shell);
	forget_view(shell);
	strcpy(shell->cwd, "/");
}

/* Somebody other than this shell has a slot. */
static int has_others(const struct dvk_snapshot *snapshot)
{
	pid_t self = getpid();

	for (int i = 0; i < snapshot->count; i++)
		if (snapshot->procs[i].pid != self)
			return 1;
	return 0;
}

/* Keeps a copy of a state with somebody in it; a state of nobody never replaces it. */
static void remember(struct shell *shell, const struct dvk_snapshot *snapshot)
{
	struct dvk_snapshot *copy;

	if (!has_others(snapshot))
		return;
	copy = dvk_snapshot_copy(snapshot);
	if (!copy)
		return;
	dvk_snapshot_free(shell->last);
	shell->last = copy;
}

static int open_patient(struct shell *shell, int dcid, struct patient **ret_patient)
{
	struct dvk_view *view;
	int result = dvk_view_open(dcid, shell->dir, shell->read_only, &view);

	if (result < 0)
		return result;
	*ret_patient = patient_of_view(view);
	if (*ret_patient)
		return 0;
	dvk_view_close(view);
	return EDVSNOMEM;
}

static void use_patient(struct shell *shell, struct patient *patient)
{
	shell->patient = patient;
	shell->view = patient_view(patient);
}

static void say_candidates(struct shell *shell, const char *word)
{
	struct dvk_dcinfo list[NR_DCS];
	int count = dvk_list_dcs(shell->dir, list, NR_DCS);
	char names[NR_DCS * 24] = "", searched[DVK_DIR_MAX * 280] = "";
	struct text text, folders;

	text_init(&text, names, sizeof(names));
	text_init(&folders, searched, sizeof(searched));
	folders_add(shell, &folders);
	for (int i = 0; i < count; i++)
		text_add(&text, " dc%d", list[i].dcid);
	if (count > 0)
		shell_error(shell, 0, "there is no DC '%s'; running:%s; looked in %s", word, names,
			    searched);
	else
		shell_error(shell, 0,
			    "there is no DC '%s', and no other is running; looked in %s; "
			    "`muk CONFIG` starts a MUK",
			    word, searched);
}

int session_attach(struct shell *shell, const char *word)
{
	int dcid = dvk_parse_dc(word, shell->dir);
	struct patient *patient;
	int result;

	if (dcid < 0) {
		say_candidates(shell, word);
		return EDVSBADDCID;
	}
	result = open_patient(shell, dcid, &patient);
	if (result == EDVSDCNOTRUN) {
		say_candidates(shell, word);
		return result;
	}
	if (result)
		return shell_error(shell, result, "%s: %s", word, dvk_open_error());
	session_detach(shell);
	use_patient(shell, patient);
	shell->dcid = dcid;
	session_check(shell);
	return 0;
}

int session_load(struct shell *shell, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct recording *recording;
	struct patient *patient;
	char bytes[512];
	struct text reason;
	int error;

	text_init(&reason, bytes, sizeof(bytes));
	error = recording_open(path, &recording, &reason);
	if (error)
		return shell_error(shell, 0, "%s", bytes);
	patient = patient_of_recording(recording);
	if (!patient) {
		recording_close(recording);
		return shell_error(shell, EDVSNOMEM, "%s", path);
	}
	session_detach(shell);
	use_patient(shell, patient);
	inspect_host_use(recording_host(recording));
	shell->dcid = recording_dcid(recording);
	snprintf(shell->file, sizeof(shell->file), "%s", slash ? slash + 1 : path);
	return 0;
}

/* The MUK is back in a DC made anew: our mapping is of the old one. */
static void attach_again(struct shell *shell)
{
	struct patient *patient;

	if (open_patient(shell, shell->dcid, &patient))
		return;
	if (!patient_alive(patient)) {
		patient_close(patient);
		return;
	}
	session_release_slot(shell);
	forget_view(shell);
	use_patient(shell, patient);
	shell_note(shell, "%s is back; attached to it again", session_name(shell));
}

static void lose(struct shell *shell)
{
	shell->lost = 1;
	session_release_slot(shell);
	shell_note(shell,
		   "%s has lost its MUK: its last state is still shown, nobody answers calls",
		   session_name(shell));
	if (!shell->interactive && shell->status < SHELL_LOST)
		shell->status = SHELL_LOST;
}

/* A new snapshot, with all that follows from it; NULL when it cannot be taken. */
static struct dvk_snapshot *look(struct shell *shell, int *ret_error)
{
	struct dvk_snapshot *snapshot;

	if (shell->lost && shell->view)
		attach_again(shell);
	*ret_error = patient_snapshot(shell->patient, &snapshot);
	if (*ret_error < 0)
		return NULL;
	remember(shell, snapshot);
	if (shell->view && !shell->lost && shell->last &&
	    (!has_others(snapshot) || !patient_alive(shell->patient)))
		lose(shell);
	return snapshot;
}

void session_check(struct shell *shell)
{
	int error;

	if (shell->view)
		dvk_snapshot_free(look(shell, &error));
}

int shell_snapshot(struct shell *shell, struct dvk_snapshot **ret_snapshot)
{
	struct dvk_snapshot *snapshot;
	int error;

	if (!shell->patient)
		return shell_error(shell, 0,
				   "nothing is attached; `attach DC` does it, `dcs` lists them");
	snapshot = look(shell, &error);
	if (shell->lost && shell->last) {
		dvk_snapshot_free(snapshot);
		snapshot = dvk_snapshot_copy(shell->last);
		error = EDVSNOMEM;
	}
	if (!snapshot)
		return shell_error(shell, error, "%s cannot be read", session_name(shell));
	*ret_snapshot = snapshot;
	return 0;
}

int shell_read(struct shell *shell, pid_t pid, uint64_t address, void *ret_data, size_t bytes)
{
	return shell->patient ? patient_read(shell->patient, pid, address, ret_data, bytes)
			      : EDVSSRCH;
}

int shell_events(struct shell *shell, uint64_t *sequence, struct dvk_event *ret_events, int max,
		 uint64_t *ret_lost)
{
	return shell->patient ? patient_events(shell->patient, sequence, ret_events, max, ret_lost)
			      : EDVSSRCH;
}

int shell_records(struct shell *shell, uint64_t *sequence, struct dvk_record *ret_records, int max,
		  uint64_t *ret_lost)
{
	return shell->patient
		       ? patient_records(shell->patient, sequence, ret_records, max, ret_lost)
		       : EDVSSRCH;
}

int shell_alive(struct shell *shell)
{
	if (shell->view)
		return 0;
	if (shell->patient)
		return shell_error(shell, 0, "%s is a file, and this needs the living",
				   session_name(shell));
	return shell_error(shell, 0, "nothing is attached; `attach DC` does it, `dcs` lists them");
}

const char *session_name(const struct shell *shell)
{
	static char name[sizeof(shell->file)];

	if (shell->file[0])
		return shell->file;
	snprintf(name, sizeof(name), "dc%d", shell->dcid);
	return name;
}

void session_greet(struct shell *shell)
{
	struct dvk_snapshot *snapshot;
	char bytes[512];
	struct text servers;

	if (shell->quiet || shell->json || shell_snapshot(shell, &snapshot))
		return;
	text_init(&servers, bytes, sizeof(bytes));
	for (int i = 0; i < snapshot->count; i++)
		if (snapshot->procs[i].nr < NR_SERVERS)
			text_add(&servers, " %s", snapshot->procs[i].name);
	printf("Attached to dc%d (%s)%s, %d processes; servers:%s\n", snapshot->dc.dcid,
	       snapshot->dc.name, shell->read_only ? ", only to look" : "", snapshot->count, bytes);
	printf("`ps` shows them, `why fs` explains one, `call fs.` then Tab lists calls; "
	       "`help`.\n");
	dvk_snapshot_free(snapshot);
}
