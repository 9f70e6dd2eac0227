package io.concordat.aggregator.log;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.NullUnmarked;

/** A job as its log entries tell it. */
@Entity
@Table(name = "jobs")
@NullUnmarked
public class JobEntity extends PanacheEntityBase {
  /** Hex of the job's digest. */
  @Id public String digest;

  /** First twelve characters of the digest: what people type. */
  @Column(nullable = false)
  public String id;

  @Column(nullable = false)
  public String name;

  @Column(nullable = false)
  public String dataset;

  @Column(nullable = false)
  public String kind;

  @Column(nullable = false)
  public String submitter;

  @Column(nullable = false)
  public String state;

  @Column(name = "log_index", nullable = false)
  public long logIndex;

  /** Openings that the job takes in all, and those done. */
  @Column(nullable = false)
  public long openings;

  @Column(nullable = false)
  public long opened;

  public String epsilon;
  public String delta;

  @Column(name = "submitted_at", nullable = false)
  public long submittedAt;

  @Column(name = "started_at")
  public Long startedAt;

  @Column(name = "ended_at")
  public Long endedAt;

  public String code;
  public String reason;
}
