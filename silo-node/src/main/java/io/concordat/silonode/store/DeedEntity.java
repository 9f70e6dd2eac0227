package io.concordat.silonode.store;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.NullUnmarked;

/** What this node did or refused, for reading. */
@Entity
@Table(name = "local_audit")
@NullUnmarked
public class DeedEntity extends PanacheEntityBase {
  @Id public long id;

  @Column(name = "happened_at", nullable = false)
  public long happenedAt;

  @Column(nullable = false)
  public String kind;

  @Column(nullable = false)
  public String subject;

  public String code;

  @Column(nullable = false)
  public String words;
}
