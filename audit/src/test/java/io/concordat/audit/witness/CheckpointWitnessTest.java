package io.concordat.audit.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.TestKeys;
import io.concordat.audit.merkle.MerkleFrontier;
import io.concordat.audit.merkle.MerkleTree;
import io.concordat.audit.merkle.TreeHash;
import io.concordat.audit.note.Checkpoint;
import io.concordat.audit.note.CheckpointSignatures;
import io.concordat.audit.note.KnownKeys;
import io.concordat.audit.note.NoteVerdict;
import io.concordat.audit.note.SignatureLine;
import io.concordat.audit.note.SignatureType;
import io.concordat.audit.note.SignedCheckpoint;
import io.concordat.audit.witness.WitnessDecision.Cosign;
import io.concordat.audit.witness.WitnessDecision.Fault;
import io.concordat.audit.witness.WitnessDecision.Unprocessable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CheckpointWitnessTest {
  private static final String ORIGIN = "log.example.org/one";
  private static final Instant TIME = Instant.ofEpochSecond(1_790_000_000L);
  private static final int MAX = 64;

  private final TestKeys log = TestKeys.ed25519(ORIGIN, SignatureType.ED25519, 1);
  private final TestKeys own = TestKeys.ed25519("a.example/w", SignatureType.COSIGNATURE_V1, 2);
  private final CheckpointWitness witness =
      new CheckpointWitness(ORIGIN, KnownKeys.of(List.of(log.key())), TestKeys.VERIFIER);
  private final List<byte[]> entries = entries("entry ");
  private final MerkleTree tree = tree(entries);

  @Test
  void cosignsTheFirstHeadWithAnEmptyProof() {
    WitnessDecision decision =
        witness.decide(
            WitnessMemory.nothingYet(ORIGIN), new AddCheckpoint(0, List.of(), head(tree, 5)));
    assertThat(decision.httpStatus()).isEqualTo(200);
    assertThat(decision)
        .isEqualTo(
            new Cosign(
                WitnessMemory.nothingYet(ORIGIN),
                new WitnessMemory(ORIGIN, 5, tree.rootAt(5)),
                head(tree, 5).checkpoint()));
  }

  @Test
  void cosignsEveryContinuationUpTo64WithItsProofAndByReplay() {
    for (int old = 0; old <= MAX; old++) {
      for (int size = old; size <= MAX; size++) {
        SignedCheckpoint signed = head(tree, size);
        assertThat(witness.decide(memory(old), request(tree, old, size)))
            .as("%d to %d", old, size)
            .isInstanceOf(Cosign.class);
        assertThat(
                witness.decideReplayed(
                    memory(old), frontier(old), entries.subList(old, size), signed))
            .isInstanceOf(Cosign.class);
      }
    }
  }

  @Test
  void cosignaturesVerifyAndCarryTheTime() {
    Cosign cosign = (Cosign) witness.decide(memory(3), request(tree, 3, 8));
    SignatureLine line = cosign.sign(own.key(), own.signer(), TIME);
    NoteVerdict verdict =
        KnownKeys.of(List.of(own.key()))
            .verify(head(tree, 8).with(List.of(line)), TestKeys.VERIFIER);
    assertThat(verdict).isInstanceOf(NoteVerdict.Verified.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cosign.sign(log.key(), log.signer(), TIME));
  }

  @Test
  void cosigningTheSameHeadAgainIsAllowedSoThatALostAnswerCanBeAskedFor() {
    WitnessDecision decision =
        witness.decide(memory(8), new AddCheckpoint(8, List.of(), head(tree, 8)));
    assertThat(decision).isInstanceOf(Cosign.class);
    assertThat(((Cosign) decision).persist()).isEqualTo(memory(8));
  }

  @Test
  void answers404ToAnotherOrigin() {
    Checkpoint other = new Checkpoint("log.example.org/two", 5, tree.rootAt(5));
    assertStatus(404, memory(0), new AddCheckpoint(0, List.of(), sign(log, other)));
  }

  @Test
  void answers403WithoutAGoodSignatureOfTheLog() {
    TestKeys stranger = TestKeys.ed25519(ORIGIN, SignatureType.ED25519, 9);
    Checkpoint head = head(tree, 5).checkpoint();
    assertStatus(403, memory(0), new AddCheckpoint(0, List.of(), sign(stranger, head)));
    assertStatus(403, memory(0), new AddCheckpoint(0, List.of(), sign(own, head)));
    // The log's line over size 6, moved below size 5.
    SignedCheckpoint moved = new SignedCheckpoint(head, head(tree, 6).signatures());
    assertStatus(403, memory(0), new AddCheckpoint(0, List.of(), moved));
    // Even beside a good one: the note as a whole is malformed.
    SignedCheckpoint both = head(tree, 5).with(head(tree, 6).signatures());
    assertStatus(403, memory(0), new AddCheckpoint(0, List.of(), both));
  }

  @Test
  void answers400IfTheOldSizeIsBeyondTheCheckpoint() {
    assertStatus(400, memory(5), new AddCheckpoint(6, List.of(), head(tree, 5)));
    // Even where that size is the one the witness knows: form before memory.
    assertStatus(400, memory(6), new AddCheckpoint(6, List.of(), head(tree, 5)));
  }

  @Test
  void answers409WithTheSizeItKnows() {
    for (int asked = 0; asked <= 8; asked++) {
      if (asked != 5) {
        assertThat(witness.decide(memory(5), new AddCheckpoint(asked, List.of(), head(tree, 8))))
            .isEqualTo(new WitnessDecision.KnowsOtherSize(5));
      }
    }
    assertStatus(409, memory(5), new AddCheckpoint(0, List.of(), head(tree, 0)));
    assertThat(new WitnessDecision.KnowsOtherSize(5).httpStatus()).isEqualTo(409);
  }

  @Test
  void answers422ToAFalseEmptyTree() {
    Checkpoint liar = new Checkpoint(ORIGIN, 0, tree.rootAt(1));
    assertFault(
        Fault.FALSE_EMPTY_TREE, memory(0), new AddCheckpoint(0, List.of(), sign(log, liar)));
    assertThat(witness.decide(memory(0), request(tree, 0, 0))).isInstanceOf(Cosign.class);
  }

  @Test
  void answers422ToAProofFromTheEmptyTree() {
    assertFault(
        Fault.PROOF_FROM_EMPTY_TREE,
        memory(0),
        new AddCheckpoint(0, List.of(tree.rootAt(1)), head(tree, 5)));
  }

  @Test
  void answers422ToAnotherRootAtTheKnownSizeWhateverTheProof() {
    MerkleTree other = tree(entries("other "));
    for (List<TreeHash> proof : List.of(List.<TreeHash>of(), List.of(tree.rootAt(5)))) {
      assertFault(
          Fault.OTHER_ROOT_AT_KNOWN_SIZE, memory(5), new AddCheckpoint(5, proof, head(other, 5)));
    }
    assertThat(head(other, 5).checkpoint().conflictsWith(head(tree, 5).checkpoint())).isTrue();
  }

  @Test
  void answers422ToMissingLongerOrForeignProofs() {
    List<TreeHash> good = tree.consistency(5, 8).path();
    List<TreeHash> longer = new ArrayList<>(good);
    longer.add(tree.rootAt(8));
    for (List<TreeHash> proof :
        List.of(
            List.<TreeHash>of(),
            longer,
            good.subList(1, good.size()),
            tree.consistency(5, 9).path(),
            tree.consistency(6, 8).path(),
            Collections.nCopies(63, tree.rootAt(5)))) {
      assertFault(Fault.NOT_A_CONTINUATION, memory(5), new AddCheckpoint(5, proof, head(tree, 8)));
    }
    assertFault(
        Fault.NOT_A_CONTINUATION,
        memory(5),
        new AddCheckpoint(5, List.of(tree.rootAt(5)), head(tree, 5)));
  }

  @Test
  void aForkAtAnySizeUpTo64IsFoundInOnePoll() {
    for (int fork = 0; fork < MAX; fork++) {
      List<byte[]> forked = new ArrayList<>(entries);
      forked.set(fork, "the other history".getBytes(StandardCharsets.UTF_8));
      MerkleTree other = tree(forked);
      for (int known = fork + 1; known <= MAX; known += known < fork + 4 ? 1 : 7) {
        for (int size = known; size <= MAX; size += size < known + 4 ? 1 : 7) {
          SignedCheckpoint shown = head(other, size);
          for (MerkleTree prover : List.of(other, tree)) {
            assertThat(
                    witness.decide(
                        memory(known),
                        new AddCheckpoint(known, prover.consistency(known, size).path(), shown)))
                .as("fork at %d, known %d, shown %d", fork, known, size)
                .isInstanceOf(Unprocessable.class);
          }
          assertThat(
                  witness.decideReplayed(
                      memory(known), frontier(known), forked.subList(known, size), shown))
              .isInstanceOf(Unprocessable.class);
        }
      }
    }
  }

  @Test
  void aReplayHasToHoldExactlyTheEntriesSinceAndStandWhereTheWitnessStands() {
    SignedCheckpoint shown = head(tree, 8);
    for (List<byte[]> added :
        List.of(entries.subList(5, 7), entries.subList(5, 9), entries.subList(4, 8))) {
      assertThat(witness.decideReplayed(memory(5), frontier(5), added, shown))
          .isEqualTo(new Unprocessable(Fault.NOT_A_CONTINUATION));
    }
    assertThat(witness.decideReplayed(memory(9), frontier(9), List.of(), shown))
        .isEqualTo(new WitnessDecision.KnowsOtherSize(9));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> witness.decideReplayed(memory(5), frontier(6), entries.subList(6, 8), shown));
    Checkpoint liar = new Checkpoint(ORIGIN, 0, tree.rootAt(1));
    assertThat(
            witness.decideReplayed(memory(0), MerkleFrontier.empty(), List.of(), sign(log, liar)))
        .isEqualTo(new Unprocessable(Fault.FALSE_EMPTY_TREE));
    TestKeys stranger = TestKeys.ed25519(ORIGIN, SignatureType.ED25519, 9);
    assertThat(
            witness
                .decideReplayed(
                    memory(5),
                    frontier(5),
                    entries.subList(5, 8),
                    sign(stranger, shown.checkpoint()))
                .httpStatus())
        .isEqualTo(403);
  }

  @Test
  void theRaceOfTheSpecificationCannotRollTheMemoryBack() {
    Store store = new Store(memory(5));
    WitnessMemory read = store.memory;
    Cosign near = (Cosign) witness.decide(read, request(tree, 5, 8));
    Cosign far = (Cosign) witness.decide(read, request(tree, 5, 20));
    assertThat(store.persist(far)).isTrue();
    assertThat(store.persist(near)).isFalse();
    assertThat(store.memory).isEqualTo(memory(20));
    assertStatus(409, store.memory, request(tree, 5, 8));
  }

  @Test
  void refusesMemoryOfAnotherLogOrOfAFalseEmptyTree() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> witness.decide(WitnessMemory.nothingYet("other"), request(tree, 0, 5)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WitnessMemory(ORIGIN, 0, tree.rootAt(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WitnessMemory(ORIGIN, -1, tree.rootAt(1)));
  }

  @Test
  void requestsReadAndWriteBack() throws LogFormatException {
    for (int old = 0; old < 20; old++) {
      AddCheckpoint request = request(tree, old, 20);
      assertThat(AddCheckpoint.parse(request.toBytes())).isEqualTo(request);
    }
  }

  @Test
  void refusesRequestsThatAreNotExactly() {
    String good = new String(request(tree, 5, 8).toBytes(), StandardCharsets.UTF_8);
    String hash = tree.rootAt(1).base64() + "\n";
    for (String bad :
        List.of(
            "",
            "old 5\n",
            good.replace("old 5", "old 05"),
            good.replace("old 5", "old -5"),
            good.replace("old 5", "old  5"),
            good.replace("old 5", "OLD 5"),
            good.replace("old 5\n", ""),
            good.replace("old 5\n", "old 5\n\n"),
            good.replace("old 5\n", "old 5\r\n"),
            good.replace("old 5\n", "old 5\n" + hash.repeat(63)),
            good.replace("old 5\n", "old 5\n====\n"),
            good + "\n",
            good.substring(0, good.length() - 1))) {
      assertThatThrownBy(() -> AddCheckpoint.parse(bad.getBytes(StandardCharsets.UTF_8)))
          .as(bad)
          .isInstanceOf(LogFormatException.class);
    }
    assertThatThrownBy(() -> AddCheckpoint.parse(new byte[2_000_000]))
        .isInstanceOf(LogFormatException.class);
  }

  private void assertStatus(int status, WitnessMemory memory, AddCheckpoint request) {
    assertThat(witness.decide(memory, request).httpStatus()).isEqualTo(status);
  }

  private void assertFault(Fault fault, WitnessMemory memory, AddCheckpoint request) {
    assertThat(witness.decide(memory, request)).isEqualTo(new Unprocessable(fault));
    assertStatus(422, memory, request);
  }

  /** Compares and replaces in one step, as a database transaction would. */
  private static final class Store {
    private WitnessMemory memory;

    Store(WitnessMemory memory) {
      this.memory = memory;
    }

    synchronized boolean persist(Cosign cosign) {
      boolean current = memory.equals(cosign.expected());
      if (current) {
        memory = cosign.persist();
      }
      return current;
    }
  }

  private WitnessMemory memory(int size) {
    return new WitnessMemory(ORIGIN, size, tree.rootAt(size));
  }

  private MerkleFrontier frontier(int size) {
    return MerkleFrontier.of(tree, size);
  }

  private AddCheckpoint request(MerkleTree of, int old, int size) {
    List<TreeHash> proof = old == 0 ? List.of() : of.consistency(old, size).path();
    return new AddCheckpoint(old, proof, head(of, size));
  }

  private SignedCheckpoint head(MerkleTree of, int size) {
    return sign(log, new Checkpoint(ORIGIN, size, of.rootAt(size)));
  }

  private static SignedCheckpoint sign(TestKeys keys, Checkpoint checkpoint) {
    return new SignedCheckpoint(
        checkpoint,
        List.of(CheckpointSignatures.sign(keys.key(), keys.signer(), checkpoint, TIME)));
  }

  private static MerkleTree tree(List<byte[]> entries) {
    MerkleTree tree = new MerkleTree();
    entries.forEach(tree::append);
    return tree;
  }

  private static List<byte[]> entries(String prefix) {
    List<byte[]> entries = new ArrayList<>();
    for (int i = 0; i < MAX; i++) {
      entries.add((prefix + i).getBytes(StandardCharsets.UTF_8));
    }
    return entries;
  }
}
