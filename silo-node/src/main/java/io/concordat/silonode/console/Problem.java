package io.concordat.silonode.console;

import com.fasterxml.jackson.core.JacksonException;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * An RFC 9457 problem. Scripts look at {@code code} only.
 *
 * @param type stable URN of the code
 * @param title the code's sentence
 * @param detail what was found and expected this time
 * @param code stable code
 * @param hint the code's remedy
 */
public record Problem(
    String type, String title, int status, String detail, String code, String hint) {

  static Problem of(int status, Refusal refusal) {
    Code code = refusal.code();
    return new Problem(
        "urn:concordat:problem:" + code.text(),
        code.sentence(),
        status,
        refusal.detail(),
        code.text(),
        code.remedy());
  }

  static Response answer(int status, Refusal refusal) {
    return Response.status(status)
        .entity(of(status, refusal))
        .type("application/problem+json")
        .build();
  }

  /** Every error answer has this one shape. */
  static final class Mappers {
    private static final Logger LOG = Logger.getLogger(Mappers.class);

    @ServerExceptionMapper
    public Response unauthorized(UnauthorizedException missing) {
      return answer(401, Refusal.of(Code.AUTH_FAILED, "no valid token of this console"));
    }

    @ServerExceptionMapper
    public Response forbidden(ForbiddenException forbidden) {
      return answer(403, Refusal.of(Code.AUTH_FORBIDDEN, "this token does not allow this"));
    }

    @ServerExceptionMapper
    public Response known(WebApplicationException known) {
      int status = known.getResponse().getStatus();
      Code code =
          switch (status) {
            case 404 -> Code.REQUEST_UNKNOWN;
            case 413 -> Code.REQUEST_TOO_LARGE;
            default -> status >= 500 ? Code.SERVER_FAILED : Code.REQUEST_MALFORMED;
          };
      return answer(status, Refusal.of(code, "status " + status));
    }

    @ServerExceptionMapper
    public Response unreadable(JacksonException unreadable) {
      return answer(400, Refusal.of(Code.REQUEST_MALFORMED, "not the JSON this request expects"));
    }

    @ServerExceptionMapper
    public Response unexpected(RuntimeException bug) {
      String reference = UUID.randomUUID().toString();
      LOG.errorf(bug, "Request failed, reference %s", reference);
      return answer(500, Refusal.of(Code.SERVER_FAILED, "reference " + reference));
    }
  }
}
