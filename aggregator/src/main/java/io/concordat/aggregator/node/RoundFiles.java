package io.concordat.aggregator.node;

import io.concordat.aggregator.log.RoundEntity;
import io.concordat.aggregator.problem.ProblemException;
import io.concordat.aggregator.round.RoundDriver;
import io.concordat.crypto.bulk.Digest;
import io.concordat.homes.blobs.NamedBlobs;
import io.concordat.protocol.core.Names;
import io.concordat.protocol.core.WorkItem;
import io.concordat.protocol.refusal.Code;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Hands out a round's bulk. Whoever gets it compares it with the log. */
@ApplicationScoped
public class RoundFiles {
  /** One open-ended range is all that resuming needs. */
  private static final Pattern FROM = Pattern.compile("bytes=(\\d{1,18})-");

  private final RoundDriver driver;
  private final NamedBlobs blobs;

  RoundFiles(RoundDriver driver, NamedBlobs blobs) {
    this.driver = driver;
    this.blobs = blobs;
  }

  Response ciphertext(Digest contribution, @Nullable String range) throws IOException {
    return blob(Names.ciphertext(contribution), range);
  }

  Response sum(Digest manifest, @Nullable String range) throws IOException {
    return blob(String.valueOf(round(manifest).sumBlob), range);
  }

  Response opening(Digest manifest) {
    Optional<WorkItem.Opening> live = driver.look(core -> core.opening(manifest));
    WorkItem.Opening opening =
        live.orElseThrow(
            () -> new ProblemException(Code.ROUND_UNKNOWN, "no opened round " + manifest));
    return Response.ok(opening.json().bytes(), MediaType.APPLICATION_JSON).build();
  }

  private static RoundEntity round(Digest manifest) {
    return QuarkusTransaction.requiringNew()
        .call(() ->
            RoundEntity.<RoundEntity>find("manifest", manifest.hex())
                .firstResultOptional()
                .orElseThrow(
                    () -> new ProblemException(Code.ROUND_UNKNOWN, "no manifest " + manifest)));
  }

  private Response blob(String name, @Nullable String range) throws IOException {
    if (!blobs.exists(name)) {
      throw ProblemException.unknown("object", name);
    }
    long length = blobs.length(name);
    long from = 0;
    if (range != null) {
      Matcher matcher = FROM.matcher(range);
      if (matcher.matches()) {
        from = Long.parseLong(matcher.group(1));
      }
      if (from >= length) {
        return Response.status(416).header("Content-Range", "bytes */" + length).build();
      }
    }
    Response.ResponseBuilder answer =
        Response.status(from == 0 ? 200 : 206)
            .entity(blobs.open(name, from))
            .type(MediaType.APPLICATION_OCTET_STREAM)
            .header("Accept-Ranges", "bytes")
            .header("Content-Length", length - from);
    if (from > 0) {
      answer.header("Content-Range", "bytes " + from + "-" + (length - 1) + "/" + length);
    }
    return answer.build();
  }
}
