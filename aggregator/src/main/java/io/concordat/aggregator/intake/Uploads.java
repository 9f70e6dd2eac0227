package io.concordat.aggregator.intake;

import io.concordat.aggregator.round.RoundDriver;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.core.AggregatorCore;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.round.RoundState;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.SignedStatement;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * How far the contributions to a job's round have come. Only what members know anyway: who is in
 * the announced roster, how long a contribution of its layout is, and how much of it lies here.
 */
@ApplicationScoped
public class Uploads {
  private final RoundDriver driver;
  private final ChunkRows rows;

  Uploads(RoundDriver driver, ChunkRows rows) {
    this.driver = driver;
    this.rows = rows;
  }

  /** One silo's contribution. */
  @Schema(name = "Upload")
  public record Upload(
      String silo,
      @Schema(description = "Bytes here, safely stored") long bytes,
      @Schema(description = "Bytes of the whole ciphertext") long of) {}

  /**
   * A round that collects.
   *
   * @param underWay whether something is announced that is not whole yet: small ciphertexts come
   *     with their headers and never are
   */
  public record Collecting(int number, boolean underWay, List<Upload> silos) {}

  private record Seen(
      int number,
      List<String> roster,
      Map<String, SignedStatement> headers,
      TreeSet<Digest> whole) {}

  /** The job's round while it waits for contributions. */
  public Optional<Collecting> of(Digest job) {
    Optional<Seen> found = driver.look(core -> seen(core, job));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Seen round = found.get();
    TreeMap<String, Digest> parts = new TreeMap<>();
    round.headers.forEach((silo, header) -> {
      if (!round.whole.contains(header.digest())) {
        parts.put(silo, header.digest());
      }
    });
    if (round.headers.isEmpty()) {
      return Optional.of(new Collecting(round.number, false, List.of()));
    }
    Map<Digest, Long> arrived = parts.isEmpty() ? Map.of() : rows.arrived(parts.values());
    // The layout decides the length, so that of one silo is that of all.
    long length = header(round.headers.values().iterator().next()).length();
    List<Upload> silos = new ArrayList<>();
    for (String silo : round.roster) {
      Digest part = parts.get(silo);
      long bytes =
          part != null
              ? arrived.getOrDefault(part, 0L)
              : round.headers.containsKey(silo) ? length : 0;
      silos.add(new Upload(silo, bytes, length));
    }
    return Optional.of(new Collecting(round.number, !parts.isEmpty(), silos));
  }

  private static Optional<Seen> seen(AggregatorCore core, Digest job) {
    return core.ledger()
        .job(job)
        .filter(JobRecord::running)
        .flatMap(JobRecord::current)
        .flatMap(round -> core.round(round.ctx()))
        .filter(state -> state.manifest().isEmpty())
        .map(Uploads::copy);
  }

  /** The state goes on changing once the core is let go. */
  private static Seen copy(RoundState state) {
    return new Seen(
        state.announcement().round(),
        state.announcement().roster(),
        Map.copyOf(state.headers()),
        new TreeSet<>(state.complete()));
  }

  private static ContributionHeader header(SignedStatement signed) {
    return (ContributionHeader) signed.statement();
  }
}
