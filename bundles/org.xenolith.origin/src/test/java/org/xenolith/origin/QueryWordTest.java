// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.Moment;
import org.xenolith.machine.control.Machine;
import org.xenolith.origin.api.QueryTable;
import org.xenolith.origin.api.RunQueries;
import org.xenolith.origin.api.RunQuery;

class QueryWordTest {
  private static final QueryTable.Row ROW = new QueryTable.Row(new Moment(5, 7), List.of("cpu0", "0x1000"));

  private static <T> T answering(Class<T> type, Map<String, Object> answers) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (it, method, arguments) -> answers.get(method
        .getName())));
  }

  private static String said(RunQuery query, String... words) {
    MachineHistories histories = answering(MachineHistories.class, Map.of("of", Optional.of(answering(MachineHistory.class, Map.of()))));
    return new QueryWord(histories, answering(RunQueries.class, Map.of("query", query)), QueryKind.EXECUTIONS).execute(answering(
        Machine.class, Map.of()), List.of(words));
  }

  /** One that goes on until it is given up. */
  private static final class Endless implements RunQuery {
    private final CountDownLatch cancelled = new CountDownLatch(1);

    @Override
    public String text() {
      return "endless";
    }

    @Override
    public long cost() {
      return 1;
    }

    @Override
    public QueryTable run(int most, LongConsumer progress) {
      try {
        cancelled.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return new QueryTable(List.of("cpu", "where"), List.of(ROW), 1, false);
    }

    @Override
    public void cancel() {
      cancelled.countDown();
    }
  }

  @Test
  void whoGivesUpIsShownWhatThereWasAndThatItIsNotAll() {
    Thread.currentThread().interrupt();
    String text = said(new Endless(), "0x1000");
    assertTrue(Thread.interrupted(), "the prompt's to see");
    assertEquals("moment cpu  where\n" + ROW.moment() + " cpu0  0x1000\n1 times; given up before the end of the run\n", text);
    Thread.currentThread().interrupt();
    String json = said(new Endless(), "0x1000", "json");
    assertTrue(Thread.interrupted());
    assertEquals("{\"moment\": \"" + ROW.moment() + "\", \"cpu\": \"cpu0\", \"where\": \"0x1000\"}\n{\"whole\": false}\n", json);
  }
}
