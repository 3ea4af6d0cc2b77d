// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin.api;

import java.util.List;
import org.xenolith.history.api.Moment;

/**
 * The answer to a question over a run.
 *
 * @param columns what a row has beside its moment
 * @param rows    in the order of the run
 * @param count   how often it happened; more than there are rows if only the first were wanted
 * @param whole   whether the run was gone through to its end: nobody gave up
 */
public record QueryTable(List<String> columns, List<Row> rows, long count, boolean whole) {
  /**
   * A time at which it happened.
   *
   * @param moment where one can go to
   * @param values a text for each column
   */
  public record Row(Moment moment, List<String> values) {
    /** Copies the list. */
    public Row {
      values = List.copyOf(values);
    }
  }

  /** @throws IllegalArgumentException if a row has another number of values than there are columns */
  public QueryTable {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    for (Row row : rows) {
      if (row.values().size() != columns.size()) {
        throw new IllegalArgumentException("%d values for %d columns".formatted(row.values().size(), columns.size()));
      }
    }
  }
}
