package io.concordat.aggregator.log;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.NullUnmarked;

/** A round as its log entries tell it. */
@Entity
@Table(name = "rounds")
@NullUnmarked
public class RoundEntity extends PanacheEntityBase {
  /** Hex of the round's context. */
  @Id public String ctx;

  /** Hex of the job's digest. */
  @Column(nullable = false)
  public String job;

  @Column(nullable = false)
  public long number;

  @Column(nullable = false)
  public String state;

  @Column(nullable = false)
  public long contributors;

  /** What one silo sends: ciphertext and boxes. */
  @Column(nullable = false)
  public long bytes;

  /** Hex of the manifest's digest. */
  public String manifest;

  @Column(name = "sum_bytes")
  public Long sumBytes;

  /** Name of the blob with the summed ciphertext. */
  @Column(name = "sum_blob")
  public String sumBlob;

  /** Hex of the digest of the state it led to. */
  @Column(name = "next_state")
  public String nextState;

  @Column(name = "announced_at", nullable = false)
  public long announcedAt;

  @Column(name = "opened_at")
  public Long openedAt;

  /** Whether boxes and ciphertexts that nobody needs any more are gone. */
  @Column(nullable = false)
  public boolean cleared;
}
