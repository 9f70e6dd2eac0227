package io.concordat.aggregator.people;

import io.concordat.aggregator.problem.ProblemException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.request.CheckedBody;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Compares a node's body with the digest that the node signed, while it is read: bytes are kept
 * exact, and a chunk needs no second copy.
 */
@Provider
public class SignedBodies implements ReaderInterceptor {
  private final SecurityIdentity caller;

  SignedBodies(SecurityIdentity caller) {
    this.caller = caller;
  }

  @Override
  public @Nullable Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
    Digest expected = caller.getAttribute(NodeCaller.BODY);
    if (expected == null) {
      return context.proceed();
    }
    CheckedBody body = new CheckedBody(context.getInputStream(), expected);
    boolean streamed = InputStream.class.isAssignableFrom(context.getType());
    context.setInputStream(streamed ? body : new KeptOpen(body));
    try {
      Object read = context.proceed();
      if (!streamed) {
        // A parser stops at the end of its value; what follows was signed, too.
        body.finish();
        body.close();
      }
      return read;
    } catch (IOException | RuntimeException failed) {
      for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
        if (cause instanceof CheckedBody.MismatchException) {
          throw mismatch();
        }
      }
      throw failed;
    }
  }

  /** A parser closes what it has read; here the rest is still to be digested. */
  private static final class KeptOpen extends FilterInputStream {
    KeptOpen(InputStream body) {
      super(body);
    }

    @Override
    public int read(byte[] into, int offset, int count) throws IOException {
      return in.read(into, offset, count);
    }

    @Override
    public void close() {
      // The interceptor closes it.
    }
  }

  /** The answer to a body that is not the signed one. */
  public static ProblemException mismatch() {
    return new ProblemException(
        Code.REQUEST_DIGEST, "the body does not have the digest of its Content-Digest");
  }
}
