package io.concordat.aggregator.problem;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonMappingException;
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

  @ServerExceptionMapper({UnauthorizedException.class, AuthenticationFailedException.class})
  public Response unauthorized(Exception missing) {
    return answer(unauthorizedProblem());
  }

  @ServerExceptionMapper
  public Response forbidden(ForbiddenException forbidden) {
    return answer(
        ProblemException.of(
                403,
                "auth.forbidden",
                "Your role does not allow this.",
                null,
                "The API description names the role that each request needs.")
            .problem());
  }

  @ServerExceptionMapper
  public Response invalid(ConstraintViolationException invalid) {
    ConstraintViolation<?> first = invalid.getConstraintViolations().iterator().next();
    String path = first.getPropertyPath().toString();
    String field = path.substring(path.indexOf('.') + 1);
    return answer(
        ProblemException.badRequest(field, field + " " + first.getMessage()).problem());
  }

  @ServerExceptionMapper
  public Response unreadable(JacksonException unreadable) {
    String field =
        unreadable instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()
            ? String.valueOf(mapping.getPath().getLast().getFieldName())
            : "body";
    return answer(
        ProblemException.badRequest(field, "not the JSON this request expects").problem());
  }

  @ServerExceptionMapper
  public Response byFramework(WebApplicationException known) {
    int status = known.getResponse().getStatus();
    if (known.getCause() instanceof JacksonException unreadable) {
      return unreadable(unreadable);
    }
    String code =
        switch (status) {
          case 401 -> "auth.missing";
          case 403 -> "auth.forbidden";
          case 404 -> "request.not-found";
          case 405 -> "request.method";
          case 406, 415 -> "request.media-type";
          case 413 -> "request.too-large";
          default -> status >= 500 ? "server.failed" : "request.invalid";
        };
    return answer(
        ProblemException.of(
                status, code, "The request cannot be answered.", known.getMessage(), null)
            .problem());
  }

  /** A bug or the environment: the caller learns a reference, the operator's log the cause. */
  @ServerExceptionMapper
  public Response unexpected(RuntimeException bug) {
    String reference = UUID.randomUUID().toString();
    LOG.errorf(bug, "Request failed, reference %s", reference);
    return answer(
        ProblemException.of(
                500,
                "server.failed",
                "The aggregator could not finish this request.",
                "reference " + reference,
                "Ask the operator for this reference in the log; the request may be repeated.")
            .problem());
  }

  static Problem unauthorizedProblem() {
    return ProblemException.of(
            401,
            "auth.missing",
            "This request needs a valid credential.",
            null,
            "People send `Authorization: Bearer TOKEN`, nodes their client certificate.")
        .problem();
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
