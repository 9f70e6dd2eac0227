package io.concordat.silonode.store;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.NullUnmarked;

/** A manifest this node promised to answer for, for reading. */
@Entity
@Table(name = "opening_records")
@NullUnmarked
public class OpeningRecordEntity extends PanacheEntityBase {
  @Id public String manifest;

  @Column(nullable = false)
  public long position;

  @Column(name = "recorded_at", nullable = false)
  public long recordedAt;
}
