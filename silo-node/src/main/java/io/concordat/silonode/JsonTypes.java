package io.concordat.silonode;

import io.concordat.silonode.console.ConsoleResource;
import io.concordat.silonode.console.OfficerResource;
import io.concordat.silonode.console.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Records that become JSON or are made from it. A native executable knows the members of these and
 * of no other class of ours; Quarkus finds those that stand in a method's signature, not what goes
 * into a {@code Response}. A test holds the list complete.
 */
@RegisterForReflection(
    targets = {
      ConsoleResource.BudgetView.class,
      ConsoleResource.ChargeView.class,
      ConsoleResource.DatasetView.class,
      ConsoleResource.DeedView.class,
      ConsoleResource.JobView.class,
      ConsoleResource.Page.class,
      ConsoleResource.StatusView.class,
      ConsoleResource.Submitter.class,
      OfficerResource.ApprovalView.class,
      OfficerResource.Decision.class,
      OfficerResource.FreezeOrder.class,
      OfficerResource.FreezeView.class,
      OfficerResource.HeldView.class,
      OfficerResource.Review.class,
      OfficerResource.TemplateView.class,
      Problem.class,
    })
final class JsonTypes {
  private JsonTypes() {}
}
