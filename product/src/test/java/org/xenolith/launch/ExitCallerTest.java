// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who has the JVM end, by stacks as JDK 25 has them. */
class ExitCallerTest {

  private static ExitCaller of(String thread, String... frames) {
    return ExitCaller.of(new Thread(thread), Arrays.stream(frames).map(frame -> new StackTraceElement(frame.substring(0, frame
        .lastIndexOf('.')), frame.substring(frame.lastIndexOf('.') + 1), "X.java", 1)).toArray(StackTraceElement[]::new));
  }

  @Test
  void signalIsToldByItsHandler() {
    for (String each : List.of("SIGTERM 143", "SIGINT 130", "SIGHUP 129")) {
      String[] words = each.split(" ");
      ExitCaller caller = of(words[0] + " handler", "java.lang.Object.wait", "java.lang.ApplicationShutdownHooks.runHooks",
          "java.lang.Shutdown.exit", "java.lang.Terminator$1.handle", "jdk.internal.misc.Signal$1.run", "java.lang.Thread.run");
      assertEquals(Integer.parseInt(words[1]), caller.signal());
      assertEquals(List.of(), caller.code());
    }
  }

  @Test
  void codeIsWhatCalledTheJdk() {
    ExitCaller caller = of("machine", "java.lang.Thread.join", "java.lang.ApplicationShutdownHooks.runHooks", "java.lang.Shutdown.exit",
        "java.lang.Runtime.exit", "java.lang.System.exit", "org.example.Model.write", "java.lang.reflect.Method.invoke");
    assertEquals(0, caller.signal());
    assertEquals("org.example.Model", caller.code().getFirst().getClassName());
  }

  @Test
  void codeIsWhatCalledTheJdkWhileHooksAreStillStarted() {
    ExitCaller caller = of("machine", "java.util.IdentityHashMap$KeyIterator.next", "java.lang.ApplicationShutdownHooks.runHooks",
        "java.lang.ApplicationShutdownHooks$1.run", "java.lang.Shutdown.exit", "java.lang.Runtime.exit", "org.example.Model.write");
    assertEquals("org.example.Model", caller.code().getFirst().getClassName());
  }
}
