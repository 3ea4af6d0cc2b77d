// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.history.api.Moment;
import org.xenolith.origin.api.QueryTable.Row;

/** Answers keep what they were made of, and a row has a value for each column. */
class QueryTableTest {
  private static final Moment MOMENT = new Moment(5, 7);

  @Test
  void aRowThatHasOtherColumnsIsRefused() {
    assertEquals("1 values for 2 columns", assertThrows(IllegalArgumentException.class, () -> new QueryTable(List.of("cpu", "place"), List
        .of(new Row(MOMENT, List.of("cpu0"))), 1, true)).getMessage());
  }

  @Test
  void whatBecomesOfTheListsThatItWasMadeOfDoesntMatter() {
    List<String> values = new ArrayList<>(List.of("cpu0"));
    List<Row> rows = new ArrayList<>(List.of(new Row(MOMENT, values)));
    QueryTable table = new QueryTable(List.of("cpu"), rows, 1, true);
    values.clear();
    rows.clear();
    assertEquals(List.of(new Row(MOMENT, List.of("cpu0"))), table.rows());
  }
}
