// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.machine.api.EventLog;

/** Lives of machines whose models hang where no guest runs. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MachineLifeTest {
  private static final String LINE = "/uart: org.x.uart 1.0.0 has not come back for 3 s, making the machine";
  private static final String TEXT = LINE + "\n    at org.x.Uart.create(Uart.java:7)";
  private static final HangLimit SHORT = HangLimit.ofSeconds(0.01);
  private static final Path FULL = Path.of("/full");
  private final CountDownLatch comesBack = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<Path> tried = new ArrayList<>();
  /** What a model hangs in: {@code launch}, {@code save} or {@code close}. */
  private String hangsIn = "";
  /** What is done when it has come back from that by itself; null if it doesn't. */
  private Runnable cameBack;
  private EventLog events;

  @AfterEach
  void comeBack() {
    comesBack.countDown();
  }

  private void hang(String doing) {
    if (!hangsIn.equals(doing)) {
      return;
    }
    events.announce(MachineLife.HANGS, "/uart", TEXT);
    if (cameBack != null) {
      events.announce("model-came-back", "/uart", "it came back after 4 s");
      cameBack.run();
      return;
    }
    for (;;) {
      try {
        comesBack.await();
        return;
      } catch (InterruptedException e) {
        // A model that hangs doesn't mind.
      }
    }
  }

  private Launch launch(EventLog log) {
    events = log;
    hang("launch");
    return (Launch) Proxy.newProxyInstance(Launch.class.getClassLoader(), new Class<?>[] {Launch.class}, (proxy, method,
        arguments) -> {
      switch (method.getName()) {
        case "save" -> {
          Path folder = (Path) arguments[0];
          hang("save");
          tried.add(folder);
          if (folder.startsWith(FULL)) {
            throw new IOException("No space left on device");
          }
        }
        case "close" -> {
          hang("close");
          closed.countDown();
        }
        default -> throw new UnsupportedOperationException(method.getName());
      }
      return null;
    });
  }

  private MachineLife life(HangLimit limit) {
    Launcher launcher = (Launcher) Proxy.newProxyInstance(Launcher.class.getClassLoader(), new Class<?>[] {Launcher.class}, (proxy,
        method, arguments) -> launch((EventLog) arguments[2]));
    return new MachineLife(launcher, limit, ProgressListener.SILENT, (kind, place, text) -> told.add(kind + " " + place));
  }

  private static LaunchRequest request() {
    return RequestBuilder.of("virt").build();
  }

  private static void givenUp(Runnable step) {
    assertEquals(LINE + ": the machine was given up", assertThrows(StuckModel.class, step::run).getMessage());
  }

  @Test
  void aModelThatHangsWhileTheMachineIsMadeIsLeftAndWhatComesOfItIsClosed() throws Exception {
    hangsIn = "launch";
    MachineLife life = life(SHORT);
    givenUp(() -> life.launch(request()));
    assertFalse(life.begun());
    assertEquals(List.of("model-hangs /uart"), told);
    life.close();
    assertEquals(1, closed.getCount());
    comesBack.countDown();
    closed.await();
  }

  @Test
  void aModelThatHangsWhileTheMachineIsSavedIsLeft() {
    hangsIn = "save";
    MachineLife life = life(SHORT);
    life.launch(request());
    assertTrue(life.begun());
    givenUp(() -> life.save(Path.of("/roomy"), (folder, reason) -> Optional.empty()));
    assertFalse(life.begun());
    life.close();
    assertEquals(1, closed.getCount(), "nobody touches it any more");
  }

  @Test
  void aModelThatHangsWhileTheMachineIsClosedIsLeftAtOnce() {
    hangsIn = "close";
    MachineLife life = life(HangLimit.NONE);
    life.launch(request());
    givenUp(life::close);
    hangsIn = "";
    life.launch(request());
    life.close();
    assertEquals(0, closed.getCount());
  }

  @Test
  void aModelThatHangsBeforeAnotherMachineComesHasTheTimeOfTheLimit() {
    hangsIn = "close";
    MachineLife life = life(SHORT);
    life.launch(request());
    givenUp(life::closeForAnother);
  }

  @Test
  void withoutALimitAModelIsWaitedForUntilSomebodyQuits() throws Exception {
    hangsIn = "launch";
    MachineLife life = life(HangLimit.NONE);
    Thread quits = Thread.ofPlatform().start(() -> {
      while (told.isEmpty()) {
        Thread.onSpinWait();
      }
      life.quit();
    });
    givenUp(() -> life.launch(request()));
    assertTrue(life.isQuitting());
    quits.join();
  }

  @Test
  void aModelThatCameBackIsWaitedFor() {
    hangsIn = "launch";
    MachineLife life = life(HangLimit.NONE);
    cameBack = () -> {
      life.quit();
      LockSupport.parkNanos(300_000_000); // who would leave it had time to do so
    };
    assertTrue(life.launch(request()) != null && life.begun());
  }

  @Test
  void whoInterruptsThreadsEndsNothing() {
    hangsIn = "";
    MachineLife life = life(SHORT);
    Thread.currentThread().interrupt();
    life.launch(request());
    Thread.currentThread().interrupt();
    life.close();
    assertEquals(0, closed.getCount());
  }

  @Test
  void whatALaunchOrASnapshotThrowsIsThrownAsItIs() {
    IOException full = assertThrows(IOException.class, () -> {
      MachineLife life = life(SHORT);
      life.launch(request());
      life.save(FULL);
    });
    assertEquals("No space left on device", full.getMessage());
    BadInput refused = new BadInput("no such board");
    Launcher launcher = (Launcher) Proxy.newProxyInstance(Launcher.class.getClassLoader(), new Class<?>[] {Launcher.class}, (proxy,
        method, arguments) -> {
      throw refused;
    });
    assertSame(refused, assertThrows(BadInput.class, () -> new MachineLife(launcher, SHORT, ProgressListener.SILENT, (kind, place,
        text) -> {}).launch(request())));
  }

  private Path save(String... others) {
    Iterator<String> named = List.of(others).iterator();
    MachineLife life = life(SHORT);
    life.launch(request());
    return life.save(FULL, (folder, reason) -> {
      told.add(reason);
      return named.hasNext() ? Optional.of(Path.of(named.next())) : Optional.empty();
    });
  }

  @Test
  void anotherFolderIsAskedForUntilOneHasRoom() {
    assertEquals(Path.of("/roomy"), save("/full/too", "/roomy"));
    assertEquals(List.of(FULL, Path.of("/full/too"), Path.of("/roomy")), tried);
    assertEquals(List.of("⟦save⟧ '/full': No space left on device", "⟦save⟧ '/full/too': No space left on device"), told);
  }

  @Test
  void whoGivesUpASnapshotHearsTheFirstReason() {
    assertEquals("⟦save⟧ '/full': No space left on device", assertThrows(BadInput.class, () -> save("/full/too")).getMessage());
  }
}
