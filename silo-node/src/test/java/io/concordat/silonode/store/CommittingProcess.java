package io.concordat.silonode.store;

import io.concordat.homes.blobs.NamedBlobs;
import io.concordat.protocol.core.Write;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Commits and says so, until somebody kills it. */
final class CommittingProcess {
  private CommittingProcess() {}

  public static void main(String... arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    var database = SiloDatabase.in(folder);
    NamedBlobs blobs = new NamedBlobs(folder.resolve("blobs"), database);
    SiloStore store = new SiloStore(database, blobs);
    for (int i = 0; ; i++) {
      byte[] value = Integer.toString(i).getBytes(StandardCharsets.US_ASCII);
      try (OutputStream out = blobs.create("state/" + i)) {
        out.write(value);
      }
      store.commit(
          List.of(new Write.Put("row/" + i, value), new Write.Put("newest", value)),
          List.of(new Remark.Deed("test", Integer.toString(i), "", "One step.")),
          Instant.EPOCH);
      System.out.println(i);
      System.out.flush();
    }
  }
}
