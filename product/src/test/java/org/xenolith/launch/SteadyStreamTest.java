// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A standard stream that nobody holds. */
class SteadyStreamTest {
  /** They say what the JDK says, by others of these. */
  private static final Set<String> BY_OTHERS = Set.of("append", "printf", "charset");

  @Test
  void whatIsPrintedWhileSomebodyHasItsMonitorIsWritten() throws InterruptedException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream stream = new SteadyStream(bytes, StandardCharsets.UTF_8);
    Thread printer = new Thread(() -> {
      stream.print('a');
      stream.print(1);
      stream.print(2L);
      stream.print(true);
      stream.print(new char[] {'ä'});
      stream.print((Object) "o");
      stream.println();
      stream.println("line");
      stream.printf("%d", 3).append("x").format(Locale.ROOT, "%s", "y");
      stream.write('z');
      stream.writeBytes(new byte[] {'!'});
      stream.close();
      stream.print("after");
      stream.flush();
    });
    synchronized (stream) {
      printer.start();
      printer.join();
    }
    assertEquals("a12trueäo\nline\n3xyz!after", bytes.toString(StandardCharsets.UTF_8));
    assertFalse(stream.checkError());
  }

  /** One that the JDK gets is to be looked at. */
  @Test
  void nothingOfTheJdksIsLeftThatNeedsTheMonitor() {
    List<String> missing = Arrays.stream(PrintStream.class.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isBridge() && !BY_OTHERS.contains(method.getName()))
        .filter(method -> !overridden(method)).map(Method::toString).toList();
    assertEquals(List.of(), missing);
  }

  private static boolean overridden(Method method) {
    try {
      SteadyStream.class.getDeclaredMethod(method.getName(), method.getParameterTypes());
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }
}
