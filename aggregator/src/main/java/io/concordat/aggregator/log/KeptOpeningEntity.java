package io.concordat.aggregator.log;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.NullUnmarked;

/** Headers, fingerprints and key sums of an opened round, as nodes got them; for auditors. */
@Entity
@Table(name = "kept_openings")
@NullUnmarked
public class KeptOpeningEntity extends PanacheEntityBase {
  @Id public String manifest;

  @Column(nullable = false)
  public byte[] body;
}
