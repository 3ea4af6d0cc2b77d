// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xenolith.machine.control.Machine;

/** A run of a machine that ends by itself when it has run three times, unless it is stopped or steps. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunHaltsTest {
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final Semaphore halted = new Semaphore(0);
  private volatile boolean stop;
  private final RunHalts halts = new RunHalts((Machine) Proxy.newProxyInstance(Machine.class.getClassLoader(), new Class<?>[] {
      Machine.class}, (proxy, method, arguments) -> {
        stop = true;
        told.add(method.getName() + (arguments == null ? "" : " " + arguments[0]));
        return null;
      }), () -> told.add("interrupted"));

  /** What a driver does: runs until the machine ends its run by itself, which is true, or somebody else stops it. */
  private boolean run() {
    halts.listener(halted::release);
    halts.over(false);
    do {
      if (halts.begins()) {
        told.add("run");
        boolean stopped = stop;
        stop = false;
        halts.ended(stopped);
        if (!stopped) {
          return true;
        }
      }
    } while (halts.stoodStill());
    return false;
  }

  private CompletableFuture<Boolean> begun() throws InterruptedException {
    halts.halt();
    CompletableFuture<Boolean> run = CompletableFuture.supplyAsync(this::run);
    halted.acquire();
    return run;
  }

  @Test
  void aMachineThatIsHaltedBeforeItRunsIsLookedIntoAndThenRuns() throws Exception {
    CompletableFuture<Boolean> run = begun();
    assertEquals(List.of("stop", "run"), told, "stopped before the first instruction");
    assertEquals(7, halts.look(() -> 7));
    assertThrows(IOException.class, () -> halts.look(() -> {
      throw new IOException("what a look throws is thrown to who looks");
    }));
    halts.halt();
    halts.resume();
    assertTrue(run.get());
    assertEquals(0, halted.availablePermits(), "it was halted already");
    assertEquals(List.of("stop", "run", "run"), told);
    assertThrows(IllegalStateException.class, () -> halts.look(() -> 7));
  }

  /** A client that steps, and is gone before the step has begun; the next one has the machine go on. */
  @Test
  void aStepThatIsHaltedBeforeItBeginsIsForgotten() throws Exception {
    CompletableFuture<Boolean> run = begun();
    synchronized (halts) {
      halts.step(0);
      halts.halt();
      halts.resume();
    }
    assertTrue(run.get());
    assertEquals(List.of(), told.stream().filter(each -> each.startsWith("step")).toList());
  }

  @Test
  void aMachineWhoseRunIsOverIsLookedIntoAtOnceAndSaysThatItStands() throws Exception {
    assertFalse(halts.ended(), "it hasn't begun");
    halts.over(true);
    assertTrue(halts.ended());
    assertEquals(7, halts.look(() -> 7));
    assertThrows(IOException.class, () -> halts.look(() -> {
      throw new IOException("what a look throws is thrown to who looks");
    }));
    halts.over(false);
    assertFalse(halts.ended());
    assertThrows(IllegalStateException.class, () -> halts.look(() -> 7));
  }

  @Test
  void aStepHaltsTheMachineAgain() throws Exception {
    CompletableFuture<Boolean> run = begun();
    halts.step(2);
    halted.acquire();
    assertEquals(List.of("stop", "run", "step 2", "run"), told);
    assertEquals(7, halts.look(() -> 7));
    halts.resume();
    assertTrue(run.get());
    assertEquals(List.of("stop", "run", "step 2", "run", "run"), told);
  }

  @Test
  void aMachineThatIsPausedAndHaltedGoesOnWhenNobodyHoldsItAnyMore() throws Exception {
    CompletableFuture<Boolean> run = begun();
    halts.pause();
    halts.resume();
    assertThrows(TimeoutException.class, () -> run.get(50, TimeUnit.MILLISECONDS));
    halts.unpause();
    assertTrue(run.get());
    assertEquals(List.of("stop", "run", "run"), told);
  }

  @Test
  void aHaltedMachineCanBeEndedByWhoeverWantsTo() throws Exception {
    CompletableFuture<Boolean> run = begun();
    halts.quit();
    assertFalse(run.get());
    assertThrows(IllegalStateException.class, () -> halts.look(() -> 7));
  }

  @Test
  void aStopThatCameTooLateForARunEndsTheNextOneForNobody() {
    halts.begins();
    halts.halt();
    halts.ended(false);
    halts.resume();
    assertTrue(run());
    assertEquals(List.of("stop", "run", "run"), told);
  }

  @Test
  void aStopThatIsNobodysHereEndsTheRun() {
    stop = true;
    assertFalse(run());
  }
}
