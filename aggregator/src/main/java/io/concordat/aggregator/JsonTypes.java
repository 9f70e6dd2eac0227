package io.concordat.aggregator;

import io.concordat.aggregator.api.AuditResource;
import io.concordat.aggregator.api.FederationResource;
import io.concordat.aggregator.api.JobEvents;
import io.concordat.aggregator.api.JobResource;
import io.concordat.aggregator.api.JobView;
import io.concordat.aggregator.api.Page;
import io.concordat.aggregator.api.PolicyResource;
import io.concordat.aggregator.api.ReleaseResource;
import io.concordat.aggregator.api.TemplateResource;
import io.concordat.aggregator.api.TokenResource;
import io.concordat.aggregator.audit.AuditPack;
import io.concordat.aggregator.enrolment.EnrolmentResource;
import io.concordat.aggregator.enrolment.RevocationResource;
import io.concordat.aggregator.intake.Intake;
import io.concordat.aggregator.intake.Uploads;
import io.concordat.aggregator.node.NodeMessage;
import io.concordat.aggregator.node.NodeResource;
import io.concordat.aggregator.node.ProbeResource;
import io.concordat.aggregator.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Records that become JSON or are made from it. A native executable knows the members of these and
 * of no other class of ours; Quarkus finds those that stand in a method's signature, not what goes
 * into a {@code Response}. A test holds the list complete.
 */
@RegisterForReflection(
    targets = {
      AuditResource.EntryView.class,
      AuditResource.PackView.class,
      FederationResource.DatasetView.class,
      FederationResource.FederationView.class,
      FederationResource.InstitutionView.class,
      FederationResource.LogView.class,
      FederationResource.PolicyView.class,
      JobEvents.JobEvent.class,
      JobEvents.UploadsEvent.class,
      JobResource.RoundView.class,
      JobResource.Submission.class,
      JobView.class,
      Page.class,
      PolicyResource.ActivatedView.class,
      PolicyResource.Activation.class,
      PolicyResource.FreezeFile.class,
      PolicyResource.FreezeView.class,
      PolicyResource.PlaceView.class,
      PolicyResource.VersionView.class,
      ReleaseResource.ReleaseView.class,
      TemplateResource.Submission.class,
      TemplateResource.TemplateView.class,
      TokenResource.TokenRequest.class,
      TokenResource.TokenView.class,
      AuditPack.FileView.class,
      EnrolmentResource.EnrolmentView.class,
      EnrolmentResource.InvitationRequest.class,
      EnrolmentResource.InvitationView.class,
      EnrolmentResource.Issued.class,
      RevocationResource.Revocation.class,
      RevocationResource.RevokedView.class,
      Intake.Progress.class,
      Uploads.Upload.class,
      NodeMessage.class,
      NodeMessage.SecondSignature.class,
      NodeResource.Brought.class,
      NodeResource.PolicyFiles.class,
      ProbeResource.Probe.class,
      Problem.Place.class,
      Problem.class,
    })
final class JsonTypes {
  private JsonTypes() {}
}
