// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;

/** Calls that are given up, wait for their turn, and tell how far they are. */
class CallsUnderwayTest {
  private final CallsUnderway calls = new CallsUnderway(() -> "");
  private final CountDownLatch begun = new CountDownLatch(1);

  /** One that waits to be interrupted. */
  private CompletableFuture<String> waiting(Object id) throws InterruptedException {
    calls.asked(id);
    CompletableFuture<String> end = new CompletableFuture<>();
    Thread.ofPlatform().daemon().start(() -> {
      try {
        end.complete(calls.execute(id, null, () -> {
          begun.countDown();
          try {
            Thread.sleep(60_000);
            return "done";
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "given up";
          }
        }) + (Thread.currentThread().isInterrupted() ? ", and interrupted" : ""));
      } catch (Exception e) {
        end.completeExceptionally(e);
      }
    });
    assertTrue(begun.await(20, TimeUnit.SECONDS));
    return end;
  }

  @Test
  void whoeverExecutesACallIsInterruptedWhenItIsGivenUpAndNeverAfterwards() throws Exception {
    CompletableFuture<String> end = waiting(7);
    calls.cancel("7");
    assertFalse(end.isDone());
    calls.cancel(7);
    assertEquals("given up", end.get(20, TimeUnit.SECONDS));
    calls.cancel(7);
    assertFalse(calls.answered(7), "nobody waits for it");
    assertTrue(calls.answered(8), "what wasn't given up is waited for");
  }

  @Test
  void oneThatIsGivenUpBeforeItsTurnIsNotExecuted() throws Exception {
    CompletableFuture<String> first = waiting(1);
    calls.asked(2);
    calls.cancel(2);
    assertThrows(BadInput.class, () -> calls.execute(2, null, () -> "executed"));
    calls.cancel(1);
    first.get(20, TimeUnit.SECONDS);
  }

  @Test
  void aLongCallTellsHowLongItTakesAndWhatPeopleAreTold() throws Exception {
    List<Double> seconds = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    CountDownLatch told = new CountDownLatch(1);
    calls.execute(null, (time, text) -> {
      seconds.add(time);
      texts.add(text);
      told.countDown();
    }, () -> {
      calls.report("on the way\n");
      return told.await(20, TimeUnit.SECONDS);
    });
    assertTrue(seconds.getFirst() >= 1.9, seconds::toString);
    assertEquals("on the way", texts.getFirst());
  }
}
