package io.concordat.protocol.plan;

import io.concordat.protocol.analysis.DescribedColumn;
import io.concordat.protocol.analysis.FeatureSpace;
import io.concordat.protocol.analysis.FeatureSpace.Feature;
import io.concordat.protocol.analysis.FeatureSpace.LabelRule;
import io.concordat.protocol.analysis.ModelShape;
import io.concordat.protocol.job.ModelSpec;
import io.concordat.protocol.policy.Column;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Columns of a policy's dataset as inputs, labels and summaries. The job was checked before. */
final class Features {
  private Features() {}

  static FeatureSpace of(ModelSpec model, Dataset dataset) {
    List<Feature> features = new ArrayList<>();
    for (String name : model.features()) {
      switch (column(dataset, name)) {
        case Column.Number number ->
            features.add(
                new Feature.Number(
                    number.name(),
                    number.min().doubleValue(),
                    number.max().doubleValue(),
                    number.center().doubleValue(),
                    number.scale().doubleValue()));
        case Column.Category category ->
            category.values().stream()
                .skip(1)
                .forEach(level -> features.add(new Feature.Level(category.name(), level)));
        case Column.Identifier identifier ->
            throw new IllegalArgumentException(identifier.name() + " is no feature");
      }
    }
    return new FeatureSpace(
        features,
        label(model, dataset),
        switch (model.scaling()) {
          case SCHEMA -> FeatureSpace.Scaling.SCHEMA;
          case FEDERATION -> FeatureSpace.Scaling.FEDERATION;
          case SILO -> FeatureSpace.Scaling.SILO;
        });
  }

  private static LabelRule label(ModelSpec model, Dataset dataset) {
    Optional<Label> label = dataset.label(model.label());
    if (label.isPresent()) {
      return new LabelRule.Levels(label.get().column(), label.get().positive());
    }
    // The checker let only a category of two values through; its second one means yes.
    Column.Category category = (Column.Category) column(dataset, model.label());
    return new LabelRule.Levels(category.name(), List.of(category.values().get(1)));
  }

  static ModelShape shape(ModelSpec model, int inputs) {
    return switch (model) {
      case ModelSpec.Logistic _ -> new ModelShape.Logistic(inputs);
      case ModelSpec.Mlp mlp -> new ModelShape.Mlp(inputs, mlp.hidden());
    };
  }

  static List<DescribedColumn> described(List<String> names, Dataset dataset) {
    List<DescribedColumn> columns = new ArrayList<>();
    for (String name : names) {
      columns.add(
          switch (column(dataset, name)) {
            case Column.Number number ->
                new DescribedColumn.Number(
                    number.name(), number.min().doubleValue(), number.max().doubleValue());
            case Column.Category category ->
                new DescribedColumn.Category(category.name(), category.values());
            case Column.Identifier identifier ->
                throw new IllegalArgumentException(identifier.name() + " is never described");
          });
    }
    return columns;
  }

  private static Column column(Dataset dataset, String name) {
    return dataset
        .column(name)
        .orElseThrow(() -> new IllegalArgumentException("no column " + name));
  }
}
