package io.concordat.bench.accuracy;

import io.concordat.client.demo.data.DemoRecords;
import io.concordat.protocol.analysis.Analysis;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.silonode.records.SiloRecords;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;

/** The demo's four hospitals for benchmarks of other packages, with datasets of their own. */
public final class DemoConsortium {
  private final Policy policy;

  public DemoConsortium(List<Dataset> datasets) {
    this.policy = DemoFederation.policy(datasets);
  }

  /** What a job's text computes under this policy. */
  public Analysis analysis(String job) throws RefusedException {
    return DemoFederation.analysis(DemoFederation.job(job), policy);
  }

  /** Every hospital's records as its silo reads them. */
  public static SortedMap<String, SiloRecords> silos(DemoRecords records, Dataset dataset)
      throws IOException {
    return DemoFederation.silos(records, dataset);
  }
}
