// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.api.EventLog;
import org.xenolith.profile.api.ProfileRequest;
import org.xenolith.ui.workbench.Laboratory.Phase;
import org.xenolith.ui.workbench.Laboratory.Status;

@Timeout(60)
class BootRunTest {
  private static final String HANGS = "/uart: org.x.uart 1.0.0 has not come back for 3 s";
  private final SerialLine console = new SerialLine();
  private final BlockingQueue<Status> told = new LinkedBlockingQueue<>();
  private final BlockingQueue<Status> over = new LinkedBlockingQueue<>();
  private final CountDownLatch comesBack = new CountDownLatch(1);

  @AfterEach
  void close() {
    comesBack.countDown();
    console.close();
  }

  private BootRun run(Launching launching) {
    return new BootRun(new RunRequest(RequestBuilder.of("virt").build(), "", true, Optional.empty(), new ProfileRequest(
        ProfileRequest.PERIOD, List.of()),
        Optional.empty(), Optional.empty(), Optional.empty()), new Launcher() {
          @Override
          public Launch launch(LaunchRequest request, ProgressListener progress, EventLog events) {
            return launching.launch(progress, events);
          }

          @Override
          public List<LaunchOption> options() {
            return List.of();
          }

          @Override
          public List<BadInput> faults(Map<String, List<String>> said) {
            return List.of();
          }

          @Override
          public LaunchRequest request(Map<String, List<String>> said) {
            throw new UnsupportedOperationException();
          }

          @Override
          public Fdt guestTree(LaunchRequest request) {
            throw new UnsupportedOperationException();
          }
        }, List.of(), console, new RunHost());
  }

  private interface Launching {
    Launch launch(ProgressListener progress, EventLog events);
  }

  private final class RunHost implements BootRun.Host {
    @Override
    public void tell(BootRun run, Status now) {
      told.add(now);
    }

    @Override
    public void note(BootRun run, String kind, String place, String text) {}

    @Override
    public void launched(BootRun run, Launch launch) {}

    @Override
    public void hangs(BootRun run) {}

    @Override
    public Optional<Path> anotherFolder(Path folder, String reason) {
      return Optional.empty();
    }

    @Override
    public void over(BootRun run, Status end) {
      over.add(end);
    }
  }

  private Launch hang(EventLog events) {
    events.report("model-hangs", "/uart", HANGS + ", while the machine was made\n    at org.x.Uart.create(Uart.java:7)");
    try {
      comesBack.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    throw new BadInput("nobody listens any more");
  }

  @Test
  void whatTheLauncherRefusesIsSaid() throws Exception {
    run((progress, events) -> {
      progress.progress("fetching");
      throw new BadInput("--cpus 9: expected 1 to 8");
    }).start();
    assertEquals(new Status(Phase.PREPARING, "fetching"), told.take());
    assertEquals(new Status(Phase.REFUSED, "--cpus 9: expected 1 to 8"), over.take());
  }

  @Test
  void machineThatIsNeverMadeIsGivenUpWhenItIsStopped() throws Exception {
    BootRun run = run((progress, events) -> hang(events));
    run.start();
    assertEquals(new Status(Phase.PREPARING, HANGS + ", while the machine was made."), told.take());
    assertEquals(0, over.size());
    run.stop();
    assertEquals(new Status(Phase.FAILED, HANGS + ", while the machine was made: the machine was given up."), over.take());
  }

  @Test
  void machineThatWasStoppedBeforeItsModelHangsIsGivenUpThen() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    BootRun run = run((progress, events) -> {
      try {
        stopped.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return hang(events);
    });
    run.start();
    run.stop();
    stopped.countDown();
    assertEquals(Phase.FAILED, over.take().phase());
  }
}
