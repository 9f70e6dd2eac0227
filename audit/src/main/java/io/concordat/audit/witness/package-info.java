/**
 * Witnesses: who has to vouch for a head of the log before anybody acts on it, and what one witness
 * checks before it does.
 *
 * <p>Promised: {@link io.concordat.audit.witness.TrustedLog} counts institutions, never keys, and
 * two quorums share an honest witness; {@link io.concordat.audit.witness.CheckpointWitness} never
 * decides for two heads of which one does not continue the other, provided its decisions are
 * persisted as {@link io.concordat.audit.witness.WitnessDecision.Cosign} says.
 *
 * <p>Not promised: a witness whose memory was rolled back does not know it here; how it asks the
 * others after a start belongs to the protocol. {@link
 * io.concordat.audit.witness.QuorumRule#answersAfterStart} says how many it has to hear.
 *
 * <p>Read next: {@link io.concordat.audit.witness.QuorumRule}, {@link
 * io.concordat.audit.witness.CheckpointWitness}.
 */
@NullMarked
package io.concordat.audit.witness;

import org.jspecify.annotations.NullMarked;
