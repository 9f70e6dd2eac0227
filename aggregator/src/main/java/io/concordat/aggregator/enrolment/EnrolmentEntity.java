package io.concordat.aggregator.enrolment;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.NullUnmarked;

/** A row of {@code enrolments}: an invitation or a renewal on its way. */
@Entity
@Table(name = "enrolments")
@NullUnmarked
public class EnrolmentEntity extends PanacheEntityBase {
  static final String INVITATION = "invitation";
  static final String RENEWAL = "renewal";

  @Id public String id;

  @Column(nullable = false)
  public String kind;

  @Column(nullable = false)
  public String institution;

  /** Digest of the one-time token; a renewal has none. */
  @Column(name = "token_sha256")
  public String tokenSha256;

  @Column(name = "created_at", nullable = false)
  public long createdAt;

  @Column(name = "expires_at", nullable = false)
  public long expiresAt;

  @Column(name = "node_key")
  public String nodeKey;

  /** The whole ask: PKCS#10, node key and its signature. */
  public String request;

  @Column(name = "request_sha256")
  public String requestSha256;

  @Column(name = "requested_at")
  public Long requestedAt;

  public String certificate;

  @Column(name = "issued_at")
  public Long issuedAt;

  String state(long nowMillis) {
    if (issuedAt != null) {
      return "issued";
    }
    if (nowMillis >= expiresAt) {
      return "expired";
    }
    return requestedAt == null ? "invited" : "requested";
  }
}
