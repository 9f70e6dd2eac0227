/**
 * Signed notes (c2sp.org/signed-note), checkpoints (c2sp.org/tlog-checkpoint) and the three
 * signature formats the federation uses on them.
 *
 * <p>Promised: a parsed note writes back to the very bytes it was read from; signatures by keys we
 * do not know are carried and ignored; one bad signature under a key we do know rejects the note.
 *
 * <p>Not promised: the mathematics of a signature. {@link io.concordat.audit.note.NoteSigner} and
 * {@link io.concordat.audit.note.NoteVerifier} are handed in by who has the library for it.
 *
 * <p>Read next: {@link io.concordat.audit.note.Checkpoint}, {@link
 * io.concordat.audit.note.CheckpointSignatures}, {@link io.concordat.audit.note.KnownKeys}.
 */
@NullMarked
package io.concordat.audit.note;

import org.jspecify.annotations.NullMarked;
