package io.concordat.verify;

import static io.concordat.verify.LoggedFederation.HOSPITALS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log over two versions of the policy, read by people who hold either of them. */
class PolicyVersionsTest {
  private final LoggedFederation world = new LoggedFederation(11);
  private final byte[] first = world.policyFile;

  @TempDir Path folder;

  private void liveThroughTwoVersions(List<String> signers) throws IOException {
    world.begin();
    world.complete(world.submit(Jobs.STATISTICS));
    world.activate("jobsPerDay: 1000", "jobsPerDay: 999", signers);
    world.complete(world.submit(Jobs.STATISTICS));
  }

  private List<Check> failed(byte[] own, Map<String, byte[]> pack) throws IOException {
    return PackReader.verify(folder, own, world.policySignatures(own, HOSPITALS), pack).stream()
        .filter(check -> !check.ok())
        .toList();
  }

  @Test
  void eitherVersionIsEnoughToTrustTheOther() throws IOException {
    liveThroughTwoVersions(HOSPITALS);
    assertThat(failed(first, world.pack())).isEmpty();
    assertThat(failed(world.policyFile, world.pack())).isEmpty();
  }

  @Test
  void aNextVersionThatTooFewSignedIsNotFollowed() throws IOException {
    liveThroughTwoVersions(HOSPITALS.subList(0, 2));
    assertThat(failed(first, world.pack()))
        .extracting(Check::name)
        .contains(PolicyStage.SIGNED, ReplayStage.RULES);
  }

  @Test
  void anEarlierVersionMustBeTheOneThatTheNextNames() throws IOException {
    liveThroughTwoVersions(HOSPITALS);
    Map<String, byte[]> pack = world.pack();
    byte[] other = first.clone();
    other[2] ^= 1;
    pack.put(PackLayout.policy(1), other);
    assertThat(failed(world.policyFile, pack))
        .extracting(Check::name)
        .contains(PolicyStage.SAME, ReplayStage.RULES);
  }

  @Test
  void anEarlierVersionThatIsMissingIsNamed() throws IOException {
    liveThroughTwoVersions(HOSPITALS);
    Map<String, byte[]> pack = world.pack();
    pack.remove(PackLayout.policy(1));
    assertThat(failed(world.policyFile, pack))
        .filteredOn(check -> check.name().equals(ReplayStage.RULES))
        .singleElement()
        .satisfies(check -> assertThat(check.detail()).contains("policy version 1"));
  }

  @Test
  void aJobThatThePolicyEndedGoesOnOnlyAsABrokenRule() throws IOException {
    world.begin();
    var job = world.submit(Jobs.AVERAGING);
    new LoggedRound(world, job).run(new java.util.TreeSet<>(HOSPITALS));
    world.activate("jobsPerDay: 1000", "jobsPerDay: 999", HOSPITALS);
    new LoggedRound(world, job).run(new java.util.TreeSet<>(HOSPITALS));
    assertThat(failed(world.policyFile, world.pack()))
        .filteredOn(check -> check.name().equals(ReplayStage.RULES))
        .singleElement()
        .satisfies(check -> assertThat(check.detail()).contains("job.policy-changed"));
  }
}
