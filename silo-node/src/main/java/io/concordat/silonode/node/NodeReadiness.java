package io.concordat.silonode.node;

import io.concordat.silonode.datasets.LoadedDatasets;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready: connected, the log replayed, the records read and declared in the log. A dataset that
 * cannot be used shows here and does not keep the node from its other roles.
 */
@Readiness
@ApplicationScoped
public class NodeReadiness implements HealthCheck {
  private final NodeService node;

  NodeReadiness(NodeService node) {
    this.node = node;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder answer = HealthCheckResponse.named("node");
    List<String> troubles = node.troubles();
    boolean declared = declared();
    answer
        .withData("connection", node.connection())
        .withData("replayed", node.replayed())
        .withData("datasetsDeclared", declared);
    if (!troubles.isEmpty()) {
      answer.withData("trouble", String.join(" ", troubles));
    }
    node.datasets()
        .ifPresent(loaded ->
            loaded
                .states()
                .forEach(
                    (id, state) -> answer.withData("dataset " + id, NodeService.words(state))));
    return answer
        .status(node.connected() && node.replayed() && declared && troubles.isEmpty())
        .build();
  }

  /** Whether the log has what this silo can read. */
  private boolean declared() {
    Optional<LoadedDatasets> loaded = node.datasets();
    if (loaded.isEmpty()) {
      return false;
    }
    String self = node.membership().institution();
    for (Map.Entry<String, LoadedDatasets.State> dataset : loaded.get().states().entrySet()) {
      if (dataset.getValue() instanceof LoadedDatasets.State.Loaded usable) {
        Long logged =
            node.driver().look(core -> core.ledger().declared(dataset.getKey()).get(self));
        if (logged == null || logged != usable.records().patients()) {
          return false;
        }
      }
    }
    return true;
  }
}
