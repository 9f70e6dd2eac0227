package io.concordat.aggregator;

import io.concordat.aggregator.config.AggregatorSettings;
import io.concordat.homes.EndpointFile;
import io.concordat.homes.Home;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.vertx.http.HttpServer;
import org.jboss.logging.Logger;

/** The running service: sockets are open when this starts, so the ports it writes down are real. */
public final class AggregatorService implements QuarkusApplication {
  private static final Logger LOG = Logger.getLogger(AggregatorService.class);

  private final AggregatorSettings settings;
  private final Home home;
  private final HttpServer server;

  AggregatorService(AggregatorSettings settings, Home home, HttpServer server) {
    this.settings = settings;
    this.home = home;
    this.server = server;
  }

  @Override
  public int run(String... arguments) throws Exception {
    String url = "https://" + settings.host() + ":" + server.getSecurePort();
    EndpointFile.write(home, url, "http://127.0.0.1:" + server.getManagementPort());
    LOG.infof("Aggregator at %s, home %s", url, home.root());
    Quarkus.waitForExit();
    EndpointFile.remove(home);
    return 0;
  }
}
