package io.concordat.bench.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostileCorpusTest {
  @Test
  void everyFileIsRefusedAndNothingIsFetched() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      List<HostileCorpus.Case> cases =
          HostileCorpus.cases("http://127.0.0.1:" + listener.getLocalPort());
      assertThat(cases).hasSizeGreaterThan(90);
      for (HostileCorpus.Case one : cases) {
        assertThat(one.reader().refuses(one.bytes()))
            .as("%s: %s", one.reader(), one.name())
            .isTrue();
      }
      listener.setSoTimeout(300);
      assertThatThrownBy(listener::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }
}
