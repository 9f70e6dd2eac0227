package io.concordat.aggregator.log;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.NullUnmarked;

/** A leaf of the log, with the columns by which people look it up. */
@Entity
@Table(name = "log_leaves")
@NullUnmarked
public class LogLeafEntity extends PanacheEntityBase {
  @Id
  @Column(name = "idx")
  public long index;

  @Column(nullable = false)
  public byte[] entry;

  @Column(nullable = false)
  public String type;

  @Column(nullable = false)
  public String actor;

  @Column(name = "logged_at", nullable = false)
  public long loggedAt;

  /** Hex digest of the job it concerns, if any. */
  public String job;
}
