package io.concordat.protocol.claims;

import io.concordat.crypto.random.LabelledStream;
import io.concordat.privacy.evidence.CanaryAudit;
import io.concordat.privacy.evidence.CanaryReplay;
import io.concordat.privacy.noise.RandomBits;
import io.concordat.protocol.analysis.JobPrice;
import io.concordat.protocol.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The canary audit of a job's mechanism: no patient is replaced by a planted record, so the
 * mechanism is run again, with the job's clip, noise share, sampling rate and openings, on planted
 * records alone.
 *
 * <p>Coins and noise come from a seed that everybody knows, so everybody finds the same figures: on
 * a claim sheet it is the job's digest. A seed chosen by the submitter could have been tried out
 * until the attack failed; whoever suspects that replays with a seed of their own ({@code concordat
 * privacy audit --seed}).
 */
public final class ReplayedAudit {
  private static final String LABEL = "concordat/canary-replay/1";
  private static final int BUFFER_BYTES = 4096;

  private final JobPrice price;
  private final int guesses;
  private final Optional<CanaryAudit> audit;

  private ReplayedAudit(JobPrice price, int guesses, Optional<CanaryAudit> audit) {
    this.price = price;
    this.guesses = guesses;
    this.audit = audit;
  }

  /**
   * Replays a job, unless that would take minutes.
   *
   * @param seed public, of at least 16 bytes
   */
  static ReplayedAudit ifQuick(JobPrice price, byte[] seed) {
    JobPrice.Part main = price.main();
    return CanaryReplay.isQuick(main.share(), main.rounds())
        ? of(price, seed)
        : new ReplayedAudit(
            price, CanaryReplay.guessesFor(price.epsilon(), price.delta()), Optional.empty());
  }

  /** Replays a job, however long it takes. */
  public static ReplayedAudit of(JobPrice price, byte[] seed) {
    JobPrice.Part main = price.main();
    int guesses = CanaryReplay.guessesFor(price.epsilon(), price.delta());
    CanaryAudit audit =
        CanaryReplay.run(
            main.share(), main.sampling(), main.rounds(), guesses, price.delta(), bits(seed));
    return new ReplayedAudit(price, guesses, Optional.of(audit));
  }

  private static RandomBits bits(byte[] seed) {
    LabelledStream stream = LabelledStream.of(seed, LABEL);
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    return () -> {
      if (!buffer.hasRemaining()) {
        buffer.clear();
        stream.read(buffer.array(), 0, BUFFER_BYTES);
      }
      return buffer.getLong();
    };
  }

  /** What the bound says about the job's claim; empty where nothing was replayed. */
  public Optional<CanaryAudit.Verdict> verdict() {
    return audit.map(a -> a.verdict(price.epsilon()));
  }

  /** The bound if every guess were right. */
  private double ceiling() {
    return new CanaryAudit(CanaryReplay.CANARIES, guesses, guesses, price.delta())
        .epsilonLowerBound();
  }

  /** The member {@code audit} of a claim sheet. */
  public JsonObject toJson() {
    JobPrice.Part main = price.main();
    JsonObject.Builder out =
        JsonObject.builder()
            .put("kind", "one-run canaries (Steinke, Nasr, Jagielski 2023), 95 % confidence")
            .put("part", main.kind().text())
            .put("openings", main.rounds())
            .put("silos", main.share().honest())
            .put("canaries", CanaryReplay.CANARIES)
            .put("guesses", guesses)
            .put("claimed", Units.decimal(price.epsilon()))
            .put("ceiling", Units.decimal(ceiling()))
            .put(
                "means",
                "the mechanism replayed with this job's clip, noise, sampling and openings on"
                    + " planted records, those that the claim counts on as the only silos; it can"
                    + " show a claim wrong and never right, and says nothing about what silos ran");
    audit.ifPresentOrElse(
        a ->
            out.put("right", a.right())
                .put("lowerBound", Units.decimal(a.epsilonLowerBound()))
                .put("verdict", words(a.verdict(price.epsilon()))),
        () ->
            out.put("lowerBound", "not measured: so many openings take minutes to replay")
                .put(
                    "verdict",
                    ceiling() > price.epsilon()
                        ? "not run here; concordat privacy audit runs it"
                        : words(CanaryAudit.Verdict.TEST_TOO_WEAK)));
    return out.build();
  }

  private static String words(CanaryAudit.Verdict verdict) {
    return switch (verdict) {
      case CONSISTENT -> "consistent";
      case INCONSISTENT -> "inconsistent";
      case TEST_TOO_WEAK -> "test too weak";
    };
  }
}
