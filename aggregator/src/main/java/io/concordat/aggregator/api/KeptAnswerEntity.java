package io.concordat.aggregator.api;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** An answer to a request that carried an Idempotency-Key. */
@Entity
@Table(name = "kept_answers")
@IdClass(KeptAnswerEntity.Key.class)
@NullUnmarked
public class KeptAnswerEntity extends PanacheEntityBase {
  /** Who asked: keys of two callers never meet. */
  @Id public String caller;

  @Id
  @Column(name = "request_key")
  public String requestKey;

  /** Hex digest of what was asked. */
  @Column(nullable = false)
  public String request;

  @Column(nullable = false)
  public long status;

  public String location;

  @Column(nullable = false)
  public byte[] body;

  @Column(name = "kept_at", nullable = false)
  public long keptAt;

  /** Caller and key. */
  public record Key(@Nullable String caller, @Nullable String requestKey) implements Serializable {}
}
