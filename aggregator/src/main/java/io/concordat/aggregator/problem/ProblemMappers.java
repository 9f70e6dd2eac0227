package io.concordat.aggregator.problem;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonMappingException;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.protocol.request.CheckedBody;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns whatever ends a request early into one problem. */
public final class ProblemMappers {
  private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

  @ServerExceptionMapper
  public Response problem(ProblemException refused) {
    return answer(refused.problem());
  }

  @ServerExceptionMapper
  public Response refused(RefusedException refused) {
    return answer(Problem.of(refused.reasons().getFirst()));
  }

  @ServerExceptionMapper({UnauthorizedException.class, AuthenticationFailedException.class})
  public Response unauthorized(Exception missing) {
    if (missing.getCause() instanceof ProblemException refused) {
      return answer(refused.problem());
    }
    return answer(new ProblemException(Code.AUTH_FAILED, "no valid credential").problem());
  }

  @ServerExceptionMapper
  public Response forbidden(ForbiddenException forbidden) {
    return answer(
        new ProblemException(Code.AUTH_FORBIDDEN, "your role does not allow this").problem());
  }

  @ServerExceptionMapper
  public Response invalid(ConstraintViolationException invalid) {
    ConstraintViolation<?> first = invalid.getConstraintViolations().iterator().next();
    String path = first.getPropertyPath().toString();
    String field = path.substring(path.indexOf('.') + 1);
    return answer(ProblemException.malformed(field, field + " " + first.getMessage()).problem());
  }

  @ServerExceptionMapper
  public Response unreadable(JacksonException unreadable) {
    String field =
        unreadable instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()
            ? String.valueOf(mapping.getPath().getLast().getFieldName())
            : "body";
    return answer(ProblemException.malformed(field, "not the JSON this request expects").problem());
  }

  @ServerExceptionMapper
  public Response changedBody(CheckedBody.MismatchException changed) {
    return answer(
        new ProblemException(Code.REQUEST_DIGEST, String.valueOf(changed.getMessage())).problem());
  }

  @ServerExceptionMapper
  public Response byFramework(WebApplicationException known) {
    if (known.getCause() instanceof JacksonException unreadable) {
      return unreadable(unreadable);
    }
    int status = known.getResponse().getStatus();
    Code code =
        switch (status) {
          case 401 -> Code.AUTH_FAILED;
          case 403 -> Code.AUTH_FORBIDDEN;
          case 404 -> Code.REQUEST_UNKNOWN;
          case 413 -> Code.REQUEST_TOO_LARGE;
          default -> status >= 500 ? Code.SERVER_FAILED : Code.REQUEST_MALFORMED;
        };
    Problem problem = new ProblemException(code, String.valueOf(known.getMessage())).problem();
    return answer(
        new Problem(
            problem.type(),
            problem.title(),
            status,
            problem.detail(),
            problem.code(),
            null,
            problem.hint()));
  }

  /** A bug or the environment: the caller learns a reference, the operator's log the cause. */
  @ServerExceptionMapper
  public Response unexpected(RuntimeException bug) {
    String reference = UUID.randomUUID().toString();
    LOG.errorf(bug, "Request failed, reference %s", reference);
    return answer(new ProblemException(Code.SERVER_FAILED, "reference " + reference).problem());
  }

  private static Response answer(Problem problem) {
    Response.ResponseBuilder builder =
        Response.status(problem.status()).entity(problem).type(Problem.MEDIA_TYPE);
    if (problem.status() == 401) {
      builder.header("WWW-Authenticate", "Bearer realm=\"concordat\"");
    }
    return builder.build();
  }
}
