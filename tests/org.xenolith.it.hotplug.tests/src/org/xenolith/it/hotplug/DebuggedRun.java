// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.HangLimit;
import org.xenolith.launch.kit.RunDriver;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** A machine that a debugger may connect to, run to an instruction on a thread of its own, as a front end does. */
final class DebuggedRun implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile("(?:target remote :|\"debugServer\": )([0-9]+)");
  private static final long LONG_SECONDS = 300;
  private final Launch launch;
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final RunDriver driver;
  private final CompletableFuture<StopReason> run;

  DebuggedRun(LaunchRequest request, long end) {
    launch = InstalledProduct.get().service(Launcher.class).launch(request, System.out::println, (kind, place, text) -> {});
    driver = new RunDriver(launch, true, HangLimit.NONE, told::add);
    run = CompletableFuture.supplyAsync(() -> driver.run(new RunLimit(Long.MAX_VALUE, end), () -> false), task -> Thread.ofPlatform()
        .daemon()
        .name("driver").start(task));
  }

  Launch launch() {
    return launch;
  }

  /** What people were told. */
  String told() {
    return String.join("\n", told);
  }

  /** Waits until people are told something. */
  void await(String text) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONG_SECONDS);
    while (told.stream().noneMatch(each -> each.contains(text))) {
      if (System.nanoTime() > end) {
        throw new AssertionError("'" + text + "' isn't told; but " + told());
      }
      Thread.sleep(10);
    }
  }

  int port() {
    Matcher found = PORT.matcher(told());
    if (!found.find()) {
      throw new AssertionError(told());
    }
    return Integer.parseInt(found.group(1));
  }

  boolean running() {
    return !run.isDone();
  }

  /** Waits for its end. */
  StopReason end() throws Exception {
    return run.get(LONG_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    driver.quit();
    run.join();
    launch.close();
  }
}
