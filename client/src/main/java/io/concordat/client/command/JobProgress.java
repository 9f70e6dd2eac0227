package io.concordat.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.concordat.client.http.FederationClient;
import io.concordat.client.http.ProblemException;
import io.concordat.client.http.UnreachableException;
import io.concordat.client.terminal.Terminal;
import java.util.Locale;

/** Follows a job on a terminal: a bar for its rounds, a line for what is worth keeping. */
public final class JobProgress {
  /** More than these make no line that anybody reads. */
  private static final int MOST_SILOS = 8;

  private final FederationClient client;
  private final Terminal terminal;

  public JobProgress(FederationClient client, Terminal terminal) {
    this.client = client;
    this.terminal = terminal;
  }

  /** Follows to the end and returns the job as it ended. */
  public JsonNode follow(String job) throws ProblemException, UnreachableException {
    JsonNode start = client.get("/api/v1/jobs/" + job);
    String label = start.path("name").asText(job);
    long begun = System.nanoTime();
    String[] told = {""};
    client.follow(
        job,
        event -> {
          if (event.path("type").asText().equals("round.uploads")) {
            uploads(label, event, told);
            return true;
          }
          String state = event.path("state").asText();
          long round = event.path("round").asLong();
          long rounds = event.path("rounds").asLong();
          double seconds = (System.nanoTime() - begun) / 1e9;
          String rate =
              state.equals("AwaitingApproval")
                  ? "awaiting approval"
                  : round > 0 && seconds > 0
                      ? String.format(
                          Locale.ROOT,
                          "%s  %.1f rounds/s",
                          event.path("type").asText(),
                          round / seconds)
                      : event.path("type").asText();
          terminal.bar(label, round, rounds, rate);
          if (!terminal.rich() && worthALine(event, round, rounds)) {
            terminal.line(
                String.format(
                    Locale.ROOT,
                    "%s: %s, round %d of %d, %.1f s",
                    label,
                    state.equals("AwaitingApproval")
                        ? event.path("type").asText() + ", awaiting approval"
                        : event.path("type").asText(),
                    round,
                    rounds,
                    seconds));
          }
          return !ended(state);
        });
    return client.get("/api/v1/jobs/" + job);
  }

  /** Bytes of a round's uploads: on a terminal as they come, in a pipe at each tenth. */
  private void uploads(String label, JsonNode event, String[] told) {
    long bytes = event.path("bytes").asLong();
    long of = event.path("of").asLong();
    StringBuilder silos = new StringBuilder();
    for (JsonNode upload : event.path("uploads")) {
      silos
          .append(silos.isEmpty() ? "" : ", ")
          .append(upload.path("silo").asText())
          .append(' ')
          .append(percent(upload.path("bytes").asLong(), upload.path("of").asLong()))
          .append(" %");
    }
    String all =
        String.format(
            Locale.ROOT,
            "uploads %.1f of %.1f MB (%s)",
            bytes / 1e6,
            of / 1e6,
            event.path("uploads").size() > MOST_SILOS
                ? event.path("uploads").size() + " silos"
                : silos);
    terminal.bar(label, event.path("round").asLong(), event.path("rounds").asLong(), all);
    String milestone = event.path("number").asLong() + "/" + percent(bytes, of) / 10;
    if (!terminal.rich() && !milestone.equals(told[0])) {
      told[0] = milestone;
      terminal.line(label + ": round " + event.path("number").asLong() + ", " + all);
    }
  }

  private static long percent(long bytes, long of) {
    return of == 0 ? 0 : Math.round(Math.floor(100.0 * bytes / of));
  }

  static boolean ended(String state) {
    return switch (state) {
      case "Succeeded", "Failed", "Cancelled", "Refused" -> true;
      default -> false;
    };
  }

  /** In a pipe: the beginning, about ten milestones, the end. */
  private static boolean worthALine(JsonNode event, long round, long rounds) {
    if (event.path("state").asText().equals("AwaitingApproval")) {
      return true;
    }
    String type = event.path("type").asText();
    if (type.equals("round.opened")) {
      return rounds <= 10 || round == 1 || round == rounds || round % Math.max(1, rounds / 10) == 0;
    }
    return type.startsWith("job.");
  }
}
