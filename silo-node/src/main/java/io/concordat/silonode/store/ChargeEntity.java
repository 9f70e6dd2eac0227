package io.concordat.silonode.store;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.NullUnmarked;

/** A line of the budget book, for reading; {@link SiloStore} writes them. */
@Entity
@Table(name = "budget_charges")
@NullUnmarked
public class ChargeEntity extends PanacheEntityBase {
  @Id public String contribution;

  @Column(nullable = false)
  public String ctx;

  @Column(nullable = false)
  public String job;

  @Column(nullable = false)
  public String dataset;

  @Column(nullable = false)
  public long round;

  @Column(name = "rho_units", nullable = false)
  public long rhoUnits;

  @Column(name = "sealed_at", nullable = false)
  public long sealedAt;
}
