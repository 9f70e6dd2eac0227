package io.concordat.aggregator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param next cursor for the next page; absent on the last
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Page<T>(
    List<T> items,
    @Schema(description = "Send as `after` for the next page; absent on the last")
        @Nullable String next) {
  static final int MAX_ITEMS = 200;

  public Page {
    items = List.copyOf(items);
  }
}
