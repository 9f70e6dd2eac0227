package io.concordat.aggregator.intake;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** A chunk that is on the disk, of a contribution that is not complete. */
@Entity
@Table(name = "chunks")
@IdClass(ChunkEntity.Key.class)
@NullUnmarked
public class ChunkEntity extends PanacheEntityBase {
  @Id public String contribution;
  @Id public long chunk;

  @Column(nullable = false)
  public String silo;

  @Column(nullable = false)
  public long bytes;

  /** Hex of its leaf in the digest tree. */
  @Column(nullable = false)
  public String leaf;

  /** Contribution and index. */
  public record Key(@Nullable String contribution, long chunk) implements Serializable {}
}
