package io.concordat.aggregator.people;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.NullUnmarked;

/** A row of {@code revoked_keys}. */
@Entity
@Table(name = "revoked_keys")
@NullUnmarked
public class RevokedKeyEntity extends PanacheEntityBase {
  @Id public String sha256;

  @Column(nullable = false)
  public String institution;

  @Column(nullable = false)
  public String reason;

  @Column(name = "revoked_at", nullable = false)
  public long revokedAt;
}
