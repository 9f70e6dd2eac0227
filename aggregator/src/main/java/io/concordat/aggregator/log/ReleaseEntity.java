package io.concordat.aggregator.log;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.NullUnmarked;

/**
 * The result of a job that succeeded. It follows from the job's final state, which anybody can
 * recompute.
 */
@Entity
@Table(name = "releases")
@NullUnmarked
public class ReleaseEntity extends PanacheEntityBase {
  @Id public String id;

  /** Hex of the job's digest. */
  @Column(nullable = false)
  public String job;

  @Column(nullable = false)
  public String name;

  @Column(nullable = false)
  public String kind;

  /** Hex of the digest of the state it was read from. */
  @Column(name = "state_digest", nullable = false)
  public String stateDigest;

  /** The JSON document that people download. */
  @Column(nullable = false)
  public byte[] model;

  @Column(name = "released_at", nullable = false)
  public long releasedAt;
}
