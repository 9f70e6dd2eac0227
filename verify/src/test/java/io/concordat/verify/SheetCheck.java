package io.concordat.verify;

import io.concordat.protocol.ledger.JobRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The sheet's checks alone, on a trail that followed an honest log. */
final class SheetCheck {
  private SheetCheck() {}

  static List<Check> of(LoggedFederation world, JobRecord job, byte[] sheet, Path folder)
      throws IOException {
    Path file = folder.resolve(PackLayout.claims(job.digest()));
    Files.createDirectories(Optional.ofNullable(file.getParent()).orElseThrow());
    Files.write(file, sheet);
    List<Check> checks = new ArrayList<>();
    ClaimStage.run(
        new PackFiles(folder),
        job,
        world.policy,
        StateTrail.at(job, Optional.ofNullable(world.states.get(job.digest())).orElseThrow()),
        checks);
    return checks;
  }
}
