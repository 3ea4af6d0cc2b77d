// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a bundle that came late calls to end the JVM. */
class HaltWeavingTest {

  /** Both ways to end, in code with branches whose types must still be known afterwards. */
  static final class Ends {
    private Ends() {}

    static int halt(boolean now, Runtime runtime, Object halt) {
      Runtime at = now ? runtime : Runtime.getRuntime();
      if (halt instanceof Runnable) {
        at.halt(0);
      } else {
        System.exit(1);
      }
      return now ? 1 : 2;
    }
  }

  private static byte[] code() throws IOException {
    try (InputStream in = Ends.class.getResourceAsStream("HaltWeavingTest$Ends.class")) {
      return in.readAllBytes();
    }
  }

  private static List<String> calls(byte[] code) {
    return ClassFile.of().parse(code).methods().stream().flatMap(method -> method.code().stream()).flatMap(body -> body.elementStream())
        .filter(InvokeInstruction.class::isInstance).map(InvokeInstruction.class::cast)
        .map(call -> call.owner().asInternalName() + '.' + call.name().stringValue()).filter(call -> call.matches(".*\\.(halt|exit)"))
        .toList();
  }

  @Test
  void haltBecomesAnExitAndAllElseStays() throws IOException {
    assertEquals(List.of("java/lang/Runtime.halt", "java/lang/System.exit"), calls(code()));
    byte[] woven = HaltWeaving.woven(code(), Ends.class.getClassLoader());
    assertEquals(List.of("java/lang/Runtime.exit", "java/lang/System.exit"), calls(woven));
    assertTrue(ClassFile.of().verify(woven).isEmpty(), () -> ClassFile.of().verify(woven).toString());
  }
}
