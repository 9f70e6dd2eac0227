package io.concordat.aggregator.api;

import io.concordat.crypto.bulk.Digest;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.security.identity.SecurityIdentity;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Who handed a job in. Below the caller's transaction. */
final class JobSenders {
  private JobSenders() {}

  /** A name that no other person gets: a token's, or an issuer's subject. */
  static String person(SecurityIdentity caller) {
    return caller.getPrincipal() instanceof JsonWebToken token
        ? "issued " + token.getIssuer() + " " + token.getSubject()
        : "token " + caller.getPrincipal().getName();
  }

  /** The first who does counts: a job is named by its file, and repeats answer the first one. */
  static void keep(Digest job, SecurityIdentity caller) {
    Panache.getEntityManager()
        .createNativeQuery(
            "insert into job_senders (job, person) values (?1, ?2) on conflict (job) do nothing")
        .setParameter(1, job.hex())
        .setParameter(2, person(caller))
        .executeUpdate();
  }

  static boolean sent(Digest job, SecurityIdentity caller) {
    return !Panache.getEntityManager()
        .createNativeQuery("select job from job_senders where job = ?1 and person = ?2")
        .setParameter(1, job.hex())
        .setParameter(2, person(caller))
        .getResultList()
        .isEmpty();
  }
}
