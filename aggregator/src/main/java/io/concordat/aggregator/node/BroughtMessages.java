package io.concordat.aggregator.node;

import io.concordat.aggregator.intake.Intake;
import io.concordat.aggregator.problem.Problem;
import io.concordat.aggregator.problem.ProblemException;
import io.concordat.aggregator.round.RoundDriver;
import io.concordat.protocol.core.WorkReply;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Messages that came along with a poll. They are handed to the core at once, and the poll's reply
 * does not wait for the disk: an answer that is not there yet goes with the next reply.
 *
 * <p>Answers live in memory only. Where one is lost, with a dropped connection or a restart, the
 * node sends its message again, which every message allows.
 */
@ApplicationScoped
class BroughtMessages {
  private static final Logger LOG = Logger.getLogger(BroughtMessages.class);

  /** Of one institution; more are forgotten, oldest first. */
  private static final int MAX_ANSWERS = 64;

  private final RoundDriver driver;
  private final Intake intake;

  /** Nodes are known by certificate and signature: as many as the policy has institutions. */
  private final Map<String, Desk> desks = new ConcurrentHashMap<>();

  /** One institution's; guarded by itself. */
  private static final class Desk {
    private final List<WorkReply.Answer> answers = new ArrayList<>();
    private int open;
  }

  BroughtMessages(RoundDriver driver, Intake intake) {
    this.driver = driver;
    this.intake = intake;
  }

  private Desk desk(String institution) {
    return desks.computeIfAbsent(institution, i -> new Desk());
  }

  /** Hands a message to the core; {@link #answers} tells later what became of it. */
  void take(String institution, NodeMessage message) throws InterruptedException {
    String id = message.named();
    Desk desk = desk(institution);
    synchronized (desk) {
      desk.open++;
    }
    try {
      driver
          .submit(message.events(institution, intake))
          .whenComplete((refusal, failed) ->
              answered(
                  desk,
                  id,
                  failed == null
                      ? refusal.map(Problem::of)
                      : Optional.of(problem(Code.SERVER_FAILED, "it could not be taken"))));
    } catch (ProblemException refused) {
      answered(desk, id, Optional.of(refused.problem()));
    } catch (IOException | RuntimeException failed) {
      LOG.errorf(failed, "A message of %s could not be taken", institution);
      answered(desk, id, Optional.of(problem(Code.SERVER_FAILED, "nothing of it was kept")));
    }
  }

  private static Problem problem(Code code, String detail) {
    return Problem.of(Refusal.of(code, detail));
  }

  private static void answered(Desk desk, String id, Optional<Problem> problem) {
    WorkReply.Answer answer =
        problem
            .map(p ->
                new WorkReply.Answer(
                    id,
                    Optional.of(
                        Refusal.of(Code.byText(p.code()).orElse(Code.SERVER_FAILED), p.detail())),
                    p.mayBeRepeated()))
            .orElseGet(() -> WorkReply.Answer.taken(id));
    synchronized (desk) {
      desk.open--;
      if (desk.answers.size() == MAX_ANSWERS) {
        desk.answers.removeFirst();
      }
      desk.answers.add(answer);
    }
  }

  /** Whether an answer is due to this institution, or there already. */
  boolean due(String institution) {
    Desk desk = desk(institution);
    synchronized (desk) {
      return desk.open > 0 || !desk.answers.isEmpty();
    }
  }

  /** The answers that are there; each is given once. */
  List<WorkReply.Answer> answers(String institution) {
    Desk desk = desk(institution);
    synchronized (desk) {
      List<WorkReply.Answer> answers = List.copyOf(desk.answers);
      desk.answers.clear();
      return answers;
    }
  }
}
