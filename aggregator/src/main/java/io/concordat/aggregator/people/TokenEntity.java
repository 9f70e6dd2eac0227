package io.concordat.aggregator.people;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.NullUnmarked;

/** A row of {@code tokens}: whom it stands for and what it may do, never the token itself. */
@Entity
@Table(name = "tokens")
@NullUnmarked
public class TokenEntity extends PanacheEntityBase {
  @Id public String id;

  @Column(name = "sha256", nullable = false, unique = true)
  public String sha256;

  @Column(nullable = false)
  public String name;

  @Column(nullable = false)
  public String role;

  /** Milliseconds since the epoch, like every instant in this database. */
  @Column(name = "created_at", nullable = false)
  public long createdAt;

  @Column(name = "expires_at")
  public Long expiresAt;

  @Column(name = "revoked_at")
  public Long revokedAt;

  boolean validAt(long nowMillis) {
    return revokedAt == null && (expiresAt == null || nowMillis < expiresAt);
  }
}
