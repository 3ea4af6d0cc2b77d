// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.HangLimit;
import org.xenolith.launch.kit.RunDriver;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** A machine that was launched, run to a virtual time and closed, as a front end does, and what people were told. */
record TracedRun(StopReason reason, String digest, String told) {
  private static final Pattern CATEGORY = Pattern.compile("\"cat\":\"([a-z0-9-]+)\"");

  /** What is done to a machine before it runs. */
  interface Preparation {
    void prepare(Machine machine, RunDriver driver) throws IOException;
  }

  static TracedRun of(LaunchRequest request, long nanoseconds) {
    return of(request, nanoseconds, (machine, driver) -> {});
  }

  static TracedRun of(LaunchRequest request, long nanoseconds, Preparation preparation) {
    List<String> told = new ArrayList<>();
    StopReason reason;
    String digest;
    try (Launch launch = InstalledProduct.get().service(Launcher.class).launch(request, line -> {}, (kind, place, text) -> told.add(kind
        + ' '
        + place + ": " + text))) {
      RunDriver driver = new RunDriver(launch, true, HangLimit.NONE, told::add);
      preparation.prepare(launch.machine(), driver);
      reason = driver.run(new RunLimit(Long.MAX_VALUE, nanoseconds), () -> false);
      digest = launch.machine().digest();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new TracedRun(reason, digest, String.join("\n", told));
  }

  /** How many events of each kind a file of Chrome's form has. */
  static Map<String, Integer> kinds(Path file) throws IOException {
    String text = Files.readString(file);
    assertTrue(text.startsWith("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n") && text.endsWith("}}\n"), "not whole: " + file);
    Map<String, Integer> kinds = new TreeMap<>();
    for (Matcher found = CATEGORY.matcher(text); found.find();) {
      kinds.merge(found.group(1), 1, Integer::sum);
    }
    return kinds;
  }
}
