package io.concordat.silonode;

import io.concordat.homes.EndpointFile;
import io.concordat.homes.Home;
import io.concordat.silonode.config.SiloSettings;
import io.concordat.silonode.node.NodeService;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.vertx.http.HttpServer;
import org.jboss.logging.Logger;

/** The running node: the console's socket is open when this starts, so its port is real. */
public final class SiloNodeService implements QuarkusApplication {
  private static final Logger LOG = Logger.getLogger(SiloNodeService.class);

  private final SiloSettings settings;
  private final Home home;
  private final HttpServer server;
  private final NodeService node;

  SiloNodeService(SiloSettings settings, Home home, HttpServer server, NodeService node) {
    this.settings = settings;
    this.home = home;
    this.server = server;
    this.node = node;
  }

  @Override
  public int run(String... arguments) throws Exception {
    String url = "https://" + settings.console().host() + ":" + server.getSecurePort();
    EndpointFile.write(home, url, "http://127.0.0.1:" + server.getManagementPort());
    LOG.infof("Node of %s, console at %s, home %s", settings.institution(), url, home.root());
    node.start();
    Quarkus.waitForExit();
    EndpointFile.remove(home);
    return 0;
  }
}
