package io.concordat.protocol.ledger;

import static io.concordat.protocol.ledger.Agreement.refuse;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.job.ModelGraph;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.TemplateApproved;
import io.concordat.protocol.statement.TemplateSubmitted;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** Model graphs that somebody uploaded, and the institutions that reviewed them. */
public final class TemplateBook {
  /** Institutions that must have reviewed an uploaded model graph. */
  private static final int REVIEWERS = 2;

  private final LinkedHashMap<Digest, TemplateSubmitted> submitted = new LinkedHashMap<>();
  private final Map<Digest, TreeSet<String>> reviews = new LinkedHashMap<>();

  /** Graphs by digest, in the order they were submitted. */
  public SequencedMap<Digest, TemplateSubmitted> submitted() {
    return Collections.unmodifiableSequencedMap(submitted);
  }

  /** Institutions that reviewed a template and are in the policy. */
  SortedSet<String> reviewers(Digest template, FederationRules rules) {
    TreeSet<String> out = new TreeSet<>(reviews.getOrDefault(template, new TreeSet<>()));
    out.retainAll(rules.institutions().keySet());
    return out;
  }

  /** Whether enough institutions of this policy reviewed it. */
  boolean reviewed(Digest template, FederationRules rules) {
    return reviewers(template, rules).size() >= REVIEWERS;
  }

  Optional<Refusal> check(TemplateSubmitted t) {
    if (submitted.containsKey(t.template())) {
      return refuse(Code.TEMPLATE_DUPLICATE, t.template().toString());
    }
    try {
      ModelGraph.read(t.fileBytes());
      return Optional.empty();
    } catch (DecodeException e) {
      return refuse(Code.FILE_FIELD, "model graph: " + e.getMessage());
    }
  }

  /** Nobody can have reviewed what is not there to be read. */
  Optional<Refusal> check(TemplateApproved t) {
    return submitted.containsKey(t.template())
        ? Optional.empty()
        : refuse(Code.TEMPLATE_UNKNOWN, t.template().toString());
  }

  void take(TemplateSubmitted t) {
    submitted.put(t.template(), t);
  }

  void take(TemplateApproved t) {
    reviews.computeIfAbsent(t.template(), k -> new TreeSet<>()).add(t.institution());
  }
}
