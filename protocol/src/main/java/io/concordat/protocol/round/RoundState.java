package io.concordat.protocol.round;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.StateShape;
import io.concordat.protocol.statement.Acceptance;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.Member;
import io.concordat.protocol.statement.RoundAnnounced;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything the aggregator knows of one round. Immutable.
 *
 * @param announcement the announcement
 * @param ctx the round's name, which follows from it
 * @param terms what the pinned policy and the job say about cohorts and holders
 * @param phase how far the round has come
 * @param headers by silo
 * @param complete contributions whose ciphertext is stored
 * @param malformed contributions whose ciphertext cannot be added
 * @param acceptances newest list by holder position
 * @param lastArrival when the last ciphertext was completed
 * @param summing the cohort whose sum is being made
 * @param sum the newest sum
 * @param manifest the cohort, once it is fixed
 * @param manifestDigest digest of the manifest, once it is fixed
 * @param fixedAt when
 * @param computed fingerprints that the aggregator computed, in the manifest's order
 * @param fingerprints by silo
 * @param records positions with a counting record
 * @param keySums answers by position
 * @param trying positions whose answers are being searched
 * @param tried positions whose answers were searched last
 * @param result what the search gave at last
 */
public record RoundState(
    RoundAnnounced announcement,
    RoundContext ctx,
    Terms terms,
    Phase phase,
    SortedMap<String, SignedStatement> headers,
    SortedSet<Digest> complete,
    SortedSet<Digest> malformed,
    SortedMap<Integer, SignedStatement> acceptances,
    Optional<Instant> lastArrival,
    List<Digest> summing,
    Optional<Sum> sum,
    Optional<CohortFixed> manifest,
    Optional<Digest> manifestDigest,
    Optional<Instant> fixedAt,
    List<byte[]> computed,
    SortedMap<String, SignedStatement> fingerprints,
    SortedSet<Integer> records,
    SortedMap<Integer, SignedStatement> keySums,
    List<Integer> trying,
    List<Integer> tried,
    Optional<StateShape> result) {

  /** How far a round has come, in the architecture's words. */
  public enum Phase {
    COLLECTING,
    OPENING,
    OPENED,
    OVERFLOWED,
    SPOILED,
    /** Given up by the aggregator; the log will end it. */
    ABANDONED
  }

  /** A stored sum: of which contributions, its digest tree and its length. */
  public record Sum(List<Digest> cohort, Digest root, long length) {
    public Sum {
      cohort = List.copyOf(cohort);
    }
  }

  /**
   * What decides about cohort and opening.
   *
   * @param threshold t
   * @param minContributors smallest cohort
   * @param noised whether an overflow blames nobody
   * @param bound the only cohort that may be fixed; empty where any may
   */
  public record Terms(int threshold, int minContributors, boolean noised, List<String> bound) {
    public Terms {
      bound = List.copyOf(bound);
    }
  }

  /** A round that has just been announced. */
  public static RoundState announced(RoundAnnounced announcement, Terms terms) {
    return new Draft(announcement, announcement.ctx(), terms).freeze();
  }

  /** The header of this silo. */
  public Optional<ContributionHeader> header(String silo) {
    return Optional.ofNullable(headers.get(silo)).map(s -> (ContributionHeader) s.statement());
  }

  /** The signed header of this contribution. */
  public Optional<SignedStatement> header(Digest contribution) {
    return headers.values().stream().filter(h -> h.digest().equals(contribution)).findFirst();
  }

  /** Contributions that can be in a cohort, by silo. */
  public List<Member> candidates() {
    List<Member> out = new ArrayList<>();
    headers.forEach((silo, header) -> {
      Digest digest = header.digest();
      if (complete.contains(digest) && !malformed.contains(digest)) {
        out.add(new Member(silo, digest));
      }
    });
    return out;
  }

  /** What this holder accepted. */
  public Set<Member> accepted(int position) {
    SignedStatement list = acceptances.get(position);
    return list == null ? Set.of() : Set.copyOf(((Acceptance) list.statement()).accepted());
  }

  Draft draft() {
    return new Draft(this);
  }

  /** Everything but the statements of others, which are rows of their own. */
  public JsonObject toJson() {
    JsonObject.Builder out =
        JsonObject.builder()
            .put("announcement", announcement.json())
            .put("threshold", terms.threshold)
            .put("minContributors", terms.minContributors)
            .put("noised", terms.noised)
            .put("bound", terms.bound)
            .put("phase", phase.name())
            .put("complete", texts(complete))
            .put("malformed", texts(malformed))
            .put("records", List.copyOf(records))
            .put("tried", tried);
    lastArrival.ifPresent(t -> out.put("lastArrival", t));
    sum.ifPresent(s ->
        out.put(
            "sum",
            JsonObject.builder()
                .put("cohort", texts(s.cohort))
                .put("root", s.root.toString())
                .put("length", s.length)
                .build()));
    manifest.ifPresent(m -> out.put("manifest", m.json()));
    fixedAt.ifPresent(t -> out.put("fixedAt", t));
    if (!computed.isEmpty()) {
      out.put(
          "computed",
          computed.stream().map(v -> JsonObject.builder().put("value", v).build()).toList());
    }
    result.ifPresent(r -> out.put("result", r.toJson()));
    return out.build();
  }

  private static List<String> texts(Iterable<Digest> digests) {
    List<String> out = new ArrayList<>();
    digests.forEach(d -> out.add(d.toString()));
    return out;
  }

  /**
   * Reads {@link #toJson} and the statements beside it. Work that was going on is not in it: {@link
   * RoundMachine#resume} asks for it again.
   */
  public static RoundState fromJson(JsonObject o, Iterable<SignedStatement> statements)
      throws DecodeException {
    RoundAnnounced announcement =
        (RoundAnnounced) StatementType.ROUND_ANNOUNCED.read(o.object("announcement"));
    Draft d =
        new Draft(
            announcement,
            announcement.ctx(),
            new Terms(
                o.smallInteger("threshold", 1, 32),
                o.smallInteger("minContributors", 1, 500),
                o.bool("noised"),
                o.strings("bound")));
    d.phase = Phase.valueOf(o.string("phase"));
    for (String text : o.strings("complete")) {
      d.complete.add(Digest.parse(text));
    }
    for (String text : o.strings("malformed")) {
      d.malformed.add(Digest.parse(text));
    }
    for (long position : o.integers("records", 1, 32)) {
      d.records.add((int) position);
    }
    for (long position : o.integers("tried", 1, 32)) {
      d.tried.add((int) position);
    }
    d.lastArrival = o.has("lastArrival") ? Optional.of(o.instant("lastArrival")) : d.lastArrival;
    d.fixedAt = o.has("fixedAt") ? Optional.of(o.instant("fixedAt")) : d.fixedAt;
    if (o.has("sum")) {
      JsonObject sum = o.object("sum");
      List<Digest> cohort = new ArrayList<>();
      for (String text : sum.strings("cohort")) {
        cohort.add(Digest.parse(text));
      }
      d.sum =
          Optional.of(
              new Sum(
                  cohort, Digest.parse(sum.string("root")), sum.integer("length", 1, 1L << 50)));
    }
    if (o.has("manifest")) {
      d.fix((CohortFixed) StatementType.COHORT_FIXED.read(o.object("manifest")));
    }
    if (o.has("computed")) {
      for (JsonObject value : o.objects("computed")) {
        d.computed.add(value.bytes("value"));
      }
    }
    if (o.has("result")) {
      d.result = Optional.of(StateShape.fromJson(o.object("result")));
    }
    for (SignedStatement statement : statements) {
      d.add(statement);
    }
    return d.freeze();
  }

  /** A copy that can be changed, alive for one step. */
  static final class Draft {
    final RoundAnnounced announcement;
    final RoundContext ctx;
    final Terms terms;
    Phase phase = Phase.COLLECTING;
    final TreeMap<String, SignedStatement> headers = new TreeMap<>();
    final TreeSet<Digest> complete = new TreeSet<>();
    final TreeSet<Digest> malformed = new TreeSet<>();
    final TreeMap<Integer, SignedStatement> acceptances = new TreeMap<>();
    Optional<Instant> lastArrival = Optional.empty();
    List<Digest> summing = List.of();
    Optional<Sum> sum = Optional.empty();
    Optional<CohortFixed> manifest = Optional.empty();
    Optional<Digest> manifestDigest = Optional.empty();
    Optional<Instant> fixedAt = Optional.empty();
    List<byte[]> computed = new ArrayList<>();
    final TreeMap<String, SignedStatement> fingerprints = new TreeMap<>();
    final TreeSet<Integer> records = new TreeSet<>();
    final TreeMap<Integer, SignedStatement> keySums = new TreeMap<>();
    List<Integer> trying = List.of();
    List<Integer> tried = new ArrayList<>();
    Optional<StateShape> result = Optional.empty();

    Draft(RoundAnnounced announcement, RoundContext ctx, Terms terms) {
      this.announcement = announcement;
      this.ctx = ctx;
      this.terms = terms;
    }

    Draft(RoundState s) {
      this(s.announcement, s.ctx, s.terms);
      phase = s.phase;
      headers.putAll(s.headers);
      complete.addAll(s.complete);
      malformed.addAll(s.malformed);
      acceptances.putAll(s.acceptances);
      lastArrival = s.lastArrival;
      summing = s.summing;
      sum = s.sum;
      manifest = s.manifest;
      manifestDigest = s.manifestDigest;
      fixedAt = s.fixedAt;
      computed = s.computed;
      fingerprints.putAll(s.fingerprints);
      records.addAll(s.records);
      keySums.putAll(s.keySums);
      trying = s.trying;
      tried = s.tried;
      result = s.result;
    }

    private void add(SignedStatement signed) {
      switch (signed.statement()) {
        case ContributionHeader h -> headers.put(h.silo(), signed);
        case Acceptance a -> acceptances.put(a.position(), signed);
        case io.concordat.protocol.statement.FingerprintStated f ->
            fingerprints.put(f.silo(), signed);
        case io.concordat.protocol.statement.KeySumStated k -> keySums.put(k.position(), signed);
        default -> throw new IllegalArgumentException("not a round's statement: " + signed);
      }
    }

    void fix(CohortFixed cohort) {
      manifest = Optional.of(cohort);
      manifestDigest = Optional.of(cohort.digest());
    }

    RoundState freeze() {
      return new RoundState(
          announcement,
          ctx,
          terms,
          phase,
          headers,
          complete,
          malformed,
          acceptances,
          lastArrival,
          List.copyOf(summing),
          sum,
          manifest,
          manifestDigest,
          fixedAt,
          List.copyOf(computed),
          fingerprints,
          records,
          keySums,
          List.copyOf(trying),
          List.copyOf(tried),
          result);
    }
  }
}
