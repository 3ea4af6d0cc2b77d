// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is made beside the framework's start. */
class BeforehandTest {
  private static final Path CALLER = Path.of(System.getProperty("xenolith.root", ".."),
      "bundles/org.xenolith.machine.kit/src/main/java/org/xenolith/machine/kit/HostFunction.java");

  @Test
  void itComesToItsEndAndKeepsNoProcess() throws InterruptedException {
    Thread thread = Beforehand.begin(true);
    assertTrue(thread.isDaemon());
    assertTrue(thread.join(Duration.ofSeconds(60)));
  }

  @Test
  void whatIsLinkedIsWhatIsCalled() throws IOException {
    Matcher call = Pattern.compile("FunctionDescriptor\\.of\\(([^)]*)\\)").matcher(Files.readString(CALLER));
    assertTrue(call.find());
    assertTrue(call.group(1).strip().matches("(ValueLayout\\.JAVA_LONG,\\s+){" + Beforehand.OPERANDS + "}ValueLayout\\.JAVA_LONG"),
        call::group);
    assertTrue(Files.readString(CALLER).startsWith("), Linker.Option.critical(false))", call.end() - 1), "the same options");
    assertFalse(call.find(), "one type for all");
    assertTrue(Beforehand.call().argumentLayouts().stream().allMatch(JAVA_LONG::equals));
  }
}
