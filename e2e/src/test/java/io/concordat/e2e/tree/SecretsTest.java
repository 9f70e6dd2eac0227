package io.concordat.e2e.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** INV-21: the aggregator is trusted for availability only: it has no way to a node's secrets. */
class SecretsTest {
  /** Where round keys, shares, box openers, seeds and a node's identity live. */
  private static final Set<String> SECRETS_OF_NODES =
      Set.of(
          "io.concordat.crypto.box.BoxKeyPair",
          "io.concordat.crypto.box.ShareBoxes",
          "io.concordat.crypto.rlwe.BlockSealer",
          "io.concordat.crypto.rlwe.ContributionEncryptor",
          "io.concordat.crypto.rlwe.ContributionSecrets",
          "io.concordat.crypto.share.ShamirSharing",
          "io.concordat.crypto.random.BlockKeys",
          "io.concordat.crypto.random.SealSeed",
          "io.concordat.crypto.random.NoiseSeed",
          "io.concordat.crypto.sign.SigningKeyFile",
          "io.concordat.homes.SiloInit",
          "io.concordat.homes.SiloHome");

  @Test
  void noRoadLeadsFromTheAggregatorToASecretOfANode() {
    Map<String, String> cameFrom = new HashMap<>();
    ArrayDeque<JavaClass> open = new ArrayDeque<>();
    for (JavaClass type : Tree.classesOf(Set.of("aggregator"))) {
      cameFrom.put(type.getName(), "");
      open.add(type);
    }
    List<String> faults = new ArrayList<>();
    while (!open.isEmpty()) {
      JavaClass type = open.remove();
      for (Dependency use : type.getDirectDependenciesFromSelf()) {
        JavaClass target = Tree.element(use.getTargetClass());
        if (!Tree.within(target.getPackageName(), "io.concordat")
            || cameFrom.putIfAbsent(target.getName(), type.getName()) != null) {
          continue;
        }
        if (SECRETS_OF_NODES.contains(target.getName())) {
          faults.add(road(cameFrom, target.getName()));
        } else if (Tree.classes().contain(target.getName())) {
          open.add(Tree.classes().get(target.getName()));
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void theClassesThatHoldSecretsAreStillThere() {
    SECRETS_OF_NODES.forEach(name -> assertThat(Tree.classes().contain(name)).as(name).isTrue());
  }

  @Test
  void noClassThatHoldsASecretIsARecord() {
    // A record would print its fields and hand them out.
    for (String name :
        List.of(
            "io.concordat.crypto.box.BoxKeyPair",
            "io.concordat.crypto.sign.SigningKey",
            "io.concordat.crypto.rlwe.ContributionSecrets",
            "io.concordat.crypto.share.ShamirSharing",
            "io.concordat.crypto.pki.TlsKey")) {
      assertThat(Tree.classes().get(name).isRecord()).as(name).isFalse();
    }
  }

  private static String road(Map<String, String> cameFrom, String to) {
    StringBuilder road = new StringBuilder(to);
    for (String at = cameFrom.getOrDefault(to, "");
        !at.isEmpty();
        at = cameFrom.getOrDefault(at, "")) {
      road.insert(0, at + " -> ");
    }
    return road.toString();
  }
}
