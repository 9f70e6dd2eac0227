package io.concordat.bench.accuracy;

import io.concordat.client.demo.data.DemoDatasets;
import io.concordat.client.demo.data.DemoRecords;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.analysis.Analyses;
import io.concordat.protocol.analysis.Analysis;
import io.concordat.protocol.job.JobReader;
import io.concordat.protocol.job.JobSpecification;
import io.concordat.protocol.policy.AnalysisGrant;
import io.concordat.protocol.policy.Approval;
import io.concordat.protocol.policy.Cohort;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Encryption;
import io.concordat.protocol.policy.Institution;
import io.concordat.protocol.policy.KeyHolders;
import io.concordat.protocol.policy.Limits;
import io.concordat.protocol.policy.LogTerms;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.Role;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.silonode.records.CsvRecords;
import io.concordat.silonode.records.SiloRecords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The demo's policy, records and jobs, as far as accuracy depends on them. */
final class DemoFederation {
  /** No dataset here splits by hash; the parameter wants one all the same. */
  private static final byte[] NO_SECRET = new byte[16];

  private DemoFederation() {}

  /** Four silos, of which three suffice and one may collude. */
  static Policy policy() {
    return policy(List.of(DemoDatasets.heart(), DemoDatasets.breastCancer()));
  }

  /** The same institutions with other datasets. */
  static Policy policy(List<Dataset> datasets) {
    List<Institution> institutions = new ArrayList<>();
    int seed = 1;
    for (String id : DemoRecords.HOSPITALS) {
      institutions.add(
          new Institution(
              id,
              id,
              List.of(key(seed++).verifyingKey()),
              key(seed++).verifyingKey(),
              EnumSet.allOf(Role.class)));
    }
    return new Policy(
        Digests.sha256("bench".getBytes(StandardCharsets.US_ASCII)),
        "cardio-demo",
        1,
        Optional.empty(),
        Instant.EPOCH,
        Instant.EPOCH.plusSeconds(1),
        institutions,
        3,
        new KeyHolders(DemoRecords.HOSPITALS, 3, 1),
        new Encryption(16, Optional.empty()),
        new Cohort(3, 1, 20),
        new LogTerms("demo", List.of("demo"), 3),
        datasets,
        List.of(
            new AnalysisGrant.Train(Set.of("logistic", "mlp"), 1_000_000, 500),
            new AnalysisGrant.Statistics(5)),
        List.of(),
        new Approval(Approval.Mode.AUTOMATIC, Approval.Mode.AUTOMATIC),
        List.of(),
        new Limits(1L << 29, 20));
  }

  private static SigningKey key(int seed) {
    byte[] bytes = new byte[SigningKey.SEED_BYTES];
    bytes[0] = (byte) seed;
    return SigningKey.fromSeed(bytes);
  }

  /** Exports every hospital's file and reads it back as its silo does. */
  static SortedMap<String, SiloRecords> silos(DemoRecords records, Dataset dataset)
      throws IOException {
    Path scratch = Files.createTempDirectory("concordat-accuracy");
    SortedMap<String, SiloRecords> silos = new TreeMap<>();
    for (String hospital : DemoRecords.HOSPITALS) {
      Path file = records.write(hospital, scratch);
      switch (CsvRecords.read(file, dataset)) {
        case CsvRecords.Outcome.Read read ->
            silos.put(hospital, SiloRecords.split(read.table(), NO_SECRET));
        case CsvRecords.Outcome.Refused refused ->
            throw new IOException(String.join("\n", refused.report().sentences()));
      }
      Files.delete(file);
    }
    Files.delete(scratch);
    return silos;
  }

  /** Reads a job file. */
  static JobSpecification job(Path file) throws IOException, RefusedException {
    return JobReader.read(String.valueOf(file.getFileName()), Files.readAllBytes(file)).orThrow();
  }

  /** Reads a job's text. */
  static JobSpecification job(String text) throws RefusedException {
    return JobReader.read("job", text.getBytes(StandardCharsets.UTF_8)).orThrow();
  }

  static Analysis analysis(JobSpecification job, Policy policy) throws RefusedException {
    return Analyses.of(job, policy).orThrow();
  }
}
